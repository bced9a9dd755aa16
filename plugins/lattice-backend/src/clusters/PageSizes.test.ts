import { PageSizes } from './PageSizes';

describe('PageSizes', () => {
  it('asks for fewer objects at once where they are large, within bounds', () => {
    const sizes = new PageSizes();
    expect(sizes.sizeOf('pods')).toBe(200);
    sizes.learn('pods', { objects: 200, bytes: 200 * 8_000 });
    expect(sizes.sizeOf('pods')).toBe(50);
    expect(sizes.sizeOf('secrets')).toBe(200);
    sizes.learn('secrets', { objects: 10, bytes: 3_000 });
    expect(sizes.sizeOf('secrets')).toBe(500);
    sizes.learn('maps', { objects: 1, bytes: 1_000_000 });
    expect(sizes.sizeOf('maps')).toBe(20);
    sizes.learn('maps', { objects: 0, bytes: 80 });
    expect(sizes.sizeOf('maps')).toBe(20);
  });
});
