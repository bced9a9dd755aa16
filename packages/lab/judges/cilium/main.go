// Command cilium-judge answers, with the code of Cilium's own agent, which flows a set of policies lets through.
// It reads one case in JSON on each line of stdin and writes one answer in JSON on each line of stdout.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	logger := slog.New(slog.DiscardHandler)
	if err := configure(logger); err != nil {
		return err
	}
	decoder := json.NewDecoder(bufio.NewReaderSize(in, 1<<20))
	encoder := json.NewEncoder(out)
	for number := 1; ; number++ {
		var c Case
		if err := decoder.Decode(&c); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("case %d: %w", number, err)
		}
		answer, err := answerCase(logger, c)
		if err != nil {
			return fmt.Errorf("case %d: %w", number, err)
		}
		if err := encoder.Encode(answer); err != nil {
			return err
		}
	}
}
