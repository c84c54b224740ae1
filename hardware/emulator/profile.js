/**
 * Where the cycles go: a tree of calls of the firmware's functions, with the interpreter's inside.
 *
 * Purpose: a flame graph of the running image. A call of the interpreter's loop is a call of the
 * function whose bytecode it is given; machine code of frozen functions is known by its address. What
 * is left is charged to the C function it happens in. Owns the tree and the stack.
 */

const CODE_AT = 12; // of a function object: its bytecode
const FROZEN = 'fun_data_';
const MACHINE_CODE = 'machine code'; // of the firmware's kernels

/** @typedef {{name: string, cycles: number, calls: number, under: Map<string, Node>}} Node */

/** @param {string} name @returns {Node} */
const node = (name) => ({ name, cycles: 0, calls: 0, under: new Map() });

/** Symbols of an image: addresses to names, from the text that `nm -S` prints. */
export class Symbols {
  /** @param {string} text */
  constructor(text) {
    /** @type {Map<number, string>} */
    this.frozen = new Map();
    /** @type {{at: number, name: string}[]} */
    this.functions = [];
    /** @type {Map<string, number>} */
    this.places = new Map();
    this.interpreter = -1;
    for (const line of text.split('\n')) {
      const fields = line.trim().split(/\s+/);
      if (fields.length < 3) continue; // no address
      const name = fields[fields.length - 1];
      const place = parseInt(fields[0], 16);
      const at = place & ~1;
      this.places.set(name, place);
      if (name.startsWith(FROZEN)) this.functions.push({ at, name: MACHINE_CODE });
      if (name.startsWith(FROZEN)) this.frozen.set(place, readable(name.slice(FROZEN.length)));
      else if (/^[tTwW]$/.test(fields[fields.length - 2])) this.functions.push({ at, name });
      if (name === 'mp_execute_bytecode') this.interpreter = at;
    }
    this.functions.sort((a, b) => a.at - b.at);
  }

  /** The C function that holds an address. @param {number} pc */
  around(pc) {
    const { functions } = this;
    let low = 0;
    let high = functions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (functions[middle].at <= pc) low = middle + 1;
      else high = middle;
    }
    return low ? functions[low - 1].name : '?';
  }

  /** Where a symbol is. @param {string} name */
  place(name) {
    const found = this.places.get(name);
    if (found === undefined) throw new Error(`no ${name} in the image`);
    return found;
  }

  /** Address of a C function. @param {string} name */
  address(name) {
    return this.place(name) & ~1;
  }
}

/** module_function as it was written: the build puts _ for / and names a module's body. */
function readable(/** @type {string} */ name) {
  const native = name.match(/_([a-z]+_slash_.*)_dot_py(\d*)$/);
  if (native) return `${native[1].replace(/_slash_/g, '/')}#${native[2] || '1'}`;
  return name.replace('_lt_module_gt_', '<module>');
}

export class Profile {
  /** @param {import('./chip.js').Chip} chip @param {Symbols} symbols */
  constructor(chip, symbols) {
    this.chip = chip;
    this.symbols = symbols;
    this.root = node('all');
    /** @type {{node: Node, lr: number, sp: number}[]} */
    this.stack = [{ node: this.root, lr: -1, sp: Infinity }];
    this.leaf = '?';
    this.since = chip.cycles;
    const { bus, core } = chip;
    bus.onCall = (pc, sp, lr, cycles) => {
      this.charge(cycles);
      this.called(pc & ~1, sp, lr & ~1);
      this.leaf = symbols.around(pc & ~1);
    };
    bus.onReturn = (pc, sp, cycles) => {
      this.charge(cycles);
      this.unwind(pc & ~1, sp);
      this.leaf = symbols.around(pc & ~1);
    };
    chip.onException = (number) => {
      this.charge(chip.cycles);
      this.push(number >= 16 ? `interrupt ${number - 16}` : `exception ${number}`, -2, core.SP);
      this.leaf = symbols.around(core.PC);
    };
  }

  /** Stop listening. */
  end() {
    this.charge(this.chip.cycles);
    this.chip.bus.onCall = null;
    this.chip.bus.onReturn = null;
    this.chip.onException = null;
  }

  /** @param {number} cycles */
  charge(cycles) {
    const top = this.stack[this.stack.length - 1].node;
    let leaf = top.under.get(this.leaf);
    if (!leaf) top.under.set(this.leaf, (leaf = node(this.leaf)));
    leaf.cycles += cycles - this.since;
    this.since = cycles;
  }

  /** @param {number} pc @param {number} sp @param {number} lr */
  called(pc, sp, lr) {
    const { frozen, interpreter } = this.symbols;
    if (pc === interpreter) {
      const { mcu } = this.chip;
      const object = mcu.readUint32(mcu.core.registers[0]);
      const code = mcu.readUint32(object + CODE_AT);
      this.push(frozen.get(code) ?? `function at ${code.toString(16)}`, lr, sp);
    } else {
      const name = frozen.get(pc);
      if (name !== undefined) this.push(name, lr, sp);
    }
  }

  /** @param {string} name @param {number} lr @param {number} sp */
  push(name, lr, sp) {
    const top = this.stack[this.stack.length - 1].node;
    const key = `${name}()`;
    let next = top.under.get(key);
    if (!next) top.under.set(key, (next = node(key)));
    next.calls++;
    this.stack.push({ node: next, lr, sp });
  }

  /** Take off what has returned: its stack is above, or its return address is reached. */
  unwind(/** @type {number} */ pc, /** @type {number} */ sp) {
    for (;;) {
      const top = this.stack[this.stack.length - 1];
      if (sp > top.sp || (sp === top.sp && pc === top.lr)) this.stack.pop();
      else return;
    }
  }

  /** Lines "a;b;c cycles", what flame graph programs read. */
  folded() {
    /** @type {string[]} */
    const lines = [];
    const walk = (/** @type {Node} */ at, /** @type {string} */ path) => {
      if (at.cycles) lines.push(`${path} ${at.cycles}`);
      for (const next of at.under.values()) walk(next, `${path};${next.name}`);
    };
    walk(this.root, 'all');
    return lines;
  }

  /** Per firmware function: calls, own cycles with the interpreter's in it, cycles with its callees. */
  functions() {
    /** @type {Map<string, {calls: number, own: number, total: number}>} */
    const table = new Map();
    const walk = (/** @type {Node} */ at, /** @type {string[]} */ above) => {
      let sum = 0;
      let own = 0;
      for (const next of at.under.values()) {
        if (next.name.endsWith('()')) sum += walk(next, [...above, next.name]);
        else own += next.cycles;
      }
      const row = table.get(at.name) ?? { calls: 0, own: 0, total: 0 };
      row.calls += at.calls;
      row.own += own;
      if (!above.slice(0, -1).includes(at.name)) row.total += sum + own;
      table.set(at.name, row);
      return sum + own;
    };
    walk(this.root, []);
    return Object.fromEntries(table);
  }
}
