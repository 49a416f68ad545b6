// The RPC interfaces that an image serves, read from the tables of the interface compiler, whole and damaged.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../src/pe/image.ts';

const FILE = fileURLToPath(new URL('../../fixtures/children/bin/clang-x64/rpc-server-routine.exe', import.meta.url));
const INTERFACE = '6b2a1c70-53f1-4d0e-9a21-5e771042b302';
/** Length and UUID as RPC_SERVER_INTERFACE begins with them. */
const BEGINNING = [0x60, 0, 0, 0, 0x70, 0x1c, 0x2a, 0x6b];
const DISPATCH = 48;
const INTERPRETER = 80;

const whole = () => new Uint8Array(readFileSync(FILE));
const interfaceAt = (bytes: Uint8Array) =>
  bytes.findIndex((_, at) => BEGINNING.every((byte, i) => bytes[at + i] === byte));
const routines = (bytes: Uint8Array) => readImage(bytes, 'rpc.exe').rpcRoutines;

describe('the routines of an interface', () => {
  it('are as many as its dispatch table says, each with the UUID', () => {
    expect([...routines(whole()).values()]).toEqual([INTERFACE, INTERFACE]);
  });

  it('are none where a pointer leads out of the image', () => {
    for (const field of [DISPATCH, INTERPRETER]) {
      const bytes = whole();
      bytes.fill(0xff, interfaceAt(bytes) + field, interfaceAt(bytes) + field + 8);
      expect(routines(bytes).size).toBe(0);
    }
  });

  it('are no more than there is code for, whatever count the dispatch table gives', () => {
    const bytes = whole();
    const image = readImage(bytes, 'rpc.exe');
    const at = interfaceAt(bytes) + DISPATCH;
    const pointer = new DataView(bytes.buffer).getBigUint64(at, true);
    const dispatch = image.offsetOf(image.rvaOf(Number(pointer)));
    bytes.fill(0xff, dispatch, dispatch + 4);
    const found = routines(bytes);
    expect(found.size).toBeGreaterThanOrEqual(2);
    expect(found.size).toBeLessThanOrEqual(1024);
    expect([...found.keys()].every((rva) => image.isCode(rva))).toBe(true);
  });

  it('are none where the structure says another length', () => {
    const bytes = whole();
    bytes[interfaceAt(bytes)] = 0x44;
    expect(routines(bytes).size).toBe(0);
  });
});
