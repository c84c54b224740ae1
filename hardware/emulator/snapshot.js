/**
 * The whole state of a chip, taken and put back in place.
 *
 * Purpose: start many experiments from one instant. Every object that can be reached from the roots is
 * visited; its plain values and references are kept and written back into the same objects, so that
 * what closures hold stays right. State that lives in a closure alone is given by `Keeper`s: objects
 * with `keep()` and `restore()`. Owns the copies.
 */

/** @typedef {{keep: () => any, restore: (kept: any) => void}} Keeper */

export class Snapshot {
  /** @param {object[]} roots @param {Keeper[]} keepers */
  constructor(roots, keepers = []) {
    /** @type {Map<object, any>} */
    this.objects = new Map();
    /** @type {{view: any, bytes: Uint8Array}[]} */
    this.arrays = [];
    this.keepers = keepers.map((keeper) => ({ keeper, kept: keeper.keep() }));
    const buffers = new Set();
    const open = [...roots];
    while (open.length) {
      const object = /** @type {any} */ (open.pop());
      if (object === null || typeof object !== 'object' || this.objects.has(object)) continue;
      if (ArrayBuffer.isView(object)) {
        if (!buffers.has(object.buffer)) {
          buffers.add(object.buffer);
          const view = new Uint8Array(object.buffer);
          this.arrays.push({ view, bytes: view.slice() });
        }
        continue;
      }
      if (object instanceof Map || object instanceof Set) {
        const entries = [...object];
        this.objects.set(object, entries);
        for (const entry of entries.flat()) open.push(entry);
        continue;
      }
      const names = Object.getOwnPropertyNames(object).filter((name) => isData(object, name));
      const values = names.map((name) => object[name]);
      this.objects.set(object, { names, values, length: Array.isArray(object) ? object.length : -1 });
      for (const value of values) open.push(value);
    }
  }

  /** Everything as it was. */
  restore() {
    for (const { view, bytes } of this.arrays) view.set(bytes);
    for (const [object, kept] of this.objects) {
      if (object instanceof Map) {
        object.clear();
        for (const [key, value] of kept) object.set(key, value);
      } else if (object instanceof Set) {
        object.clear();
        for (const value of kept) object.add(value);
      } else {
        if (kept.length >= 0) /** @type {any[]} */ (object).length = kept.length;
        for (let i = 0; i < kept.names.length; i++) {
          const name = kept.names[i];
          if (/** @type {any} */ (object)[name] !== kept.values[i]) {
            /** @type {any} */ (object)[name] = kept.values[i];
          }
        }
      }
    }
    for (const { keeper, kept } of this.keepers) keeper.restore(kept);
  }
}

/** @param {object} object @param {string} name */
function isData(object, name) {
  const property = Object.getOwnPropertyDescriptor(object, name);
  return property !== undefined && 'value' in property && property.writable === true;
}
