import fc from 'fast-check';
import { KeyLine } from './KeyLine';

describe('KeyLine', () => {
  it('behaves like a list without duplicates', () => {
    const step = fc.record({
      kind: fc.constantFrom('add', 'add', 'take', 'remove', 'clear'),
      key: fc.constantFrom('a', 'b', 'c', 'd'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), steps => {
        const line = new KeyLine();
        const taken: Array<[string | undefined, string | undefined]> = [];
        let model: string[] = [];
        for (const { kind, key } of steps) {
          if (kind === 'add') {
            line.add(key);
            model = model.includes(key) ? model : [...model, key];
          } else if (kind === 'take') {
            taken.push([line.take(), model.shift()]);
          } else if (kind === 'remove') {
            line.remove(key);
            model = model.filter(other => other !== key);
          } else {
            line.clear();
            model = [];
          }
          expect(line.size).toBe(model.length);
          expect(line.has(key)).toBe(model.includes(key));
        }
        expect(taken.map(([key]) => key)).toEqual(taken.map(([, key]) => key));
      }),
    );
  });
});
