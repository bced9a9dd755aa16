// Command istio-judge answers which connections ztunnel lets into ambient pods: istiod's own code validates the objects
// and turns them into what ztunnel receives, and ztunnel's rule decides.
// It reads one case in JSON on each line of stdin and writes one answer in JSON on each line of stdout.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"istio.io/istio/pkg/log"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	if err := silenceLog(); err != nil {
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
		answer, err := answerCase(c)
		if err != nil {
			return fmt.Errorf("case %d: %w", number, err)
		}
		if err := encoder.Encode(answer); err != nil {
			return err
		}
	}
}

// silenceLog keeps istiod's log out of stdout, where the answers go.
func silenceLog() error {
	options := log.DefaultOptions()
	options.OutputPaths = []string{"stderr"}
	options.SetDefaultOutputLevel(log.OverrideScopeName, log.NoneLevel)
	return log.Configure(options)
}
