import { configure } from '@testing-library/dom';
import '@testing-library/jest-dom';

// Lazy parts of a screen are compiled on first use; on a busy machine that takes longer than a second.
configure({ asyncUtilTimeout: 20_000 });
jest.setTimeout(60_000);

// What the graph asks of a browser and jsdom does not have.
class NoResizeObserver implements ResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
global.ResizeObserver ??= NoResizeObserver;
