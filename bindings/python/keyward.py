"""Decide with a Keyward module under the wasmtime package of PyPI, from engine/ABI.md alone. In: the path of a module, requests
as dictionaries. Out: a status and answers by name. Less than a hundred lines that need nothing of ours; moments are local time. Refuses keys
and values the policy does not know (KeyError, ValueError)."""
import hashlib
from datetime import date
from wasmtime import Engine, Instance, Module, Store

STATUSES = ["ok", "unsure-missing", "unsure-invalid", "schema-mismatch", "duty-unsupported"]

class Reader:
    def __init__(self, data): self.data, self.at = data, 0
    def take(self, count): self.at += count; return self.data[self.at - count:self.at]
    def number(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]; value |= (byte & 127) << shift; shift += 7
            if byte < 128: return value
    def text(self): return self.take(self.number()).decode()
    def list(self, read): return [read() for _ in range(self.number())]

class Policy:
    def __init__(self, path):
        data = open(path, "rb").read(); self.digest = hashlib.sha256(data).hexdigest()
        self.store = Store(Engine()); self.exports = Instance(self.store, Module(self.store.engine, data), []).exports(self.store)
        it, found, all = None, {}, Reader(data[8:])
        while all.at < len(all.data):
            kind, it = all.take(1)[0], Reader(all.take(all.number()))
            if kind == 0: name = it.text(); found[name] = Reader(it.data[it.at:])
        it = found["keyward.id"]; it.number(); it.number(); self.name, self.version, _ = it.text(), it.number(), it.text()
        self.source = it.take(32).hex(); self.hash = it.take(4); it = found["keyward.schema"]; it.number()
        self.length, self.short = it.number(), it.number(); kinds, self.inputs, name = it.list(lambda: (it.text(), it.list(it.text))), {}, ""
        for _ in range(it.number()):
            name = name[:it.number()] + it.text(); flags = it.take(1)[0]; slot, known, count = it.number(), it.number(), it.number()
            if flags & 2: it.number()
            kind = flags >> 4; more = {1: lambda: it.list(it.text), 2: lambda: it.list(it.text), 3: lambda: (it.number(), it.number()),
                4: lambda: (it.number(), it.number()), 5: lambda: (it.number(), it.text()), 6: lambda: it.take(8), 8: it.number}.get(kind, lambda: None)()
            width = {0: 1, 1: 1, 7: 2}.get(kind, 4) if kind not in (3, 4) else 1 if more[1] < 0xFF else 2 if more[1] < 0xFFFF else 4
            self.inputs[name] = (kind, slot, width, known, count, kinds[more] if kind == 8 else more)
        self.defaults = {}
        for name, (kind, *_) in self.inputs.items():
            if it.take(1)[0]:
                form = it.take(1)[0]; value = it.number() if form == 1 else it.text() if form == 2 else None
                self.defaults[name] = (form, value, it.number() if form == 1 and kind == 5 else 0xFFFF)
        it = found["keyward.outcomes"]
        def answer():
            name, flags, word = it.text(), it.take(1)[0], it.number(); kind = flags & 127; duty = it.number() if kind in (2, 3) else 0
            return name, kind, word, duty, it.list(it.text) if kind < 3 else []
        self.decisions = it.list(lambda: (it.text(), it.list(answer)))

    def pack(self, request):
        flat, data, known, fresh = {}, bytearray(self.length), set(), []
        def flatten(prefix, tree):
            for key, value in tree.items():
                if prefix + key not in self.inputs and isinstance(value, dict): flatten(prefix + key + ".", value)
                elif prefix + key in flat or prefix + key not in self.inputs: raise KeyError(prefix + key)
                else: flat[prefix + key] = value
        def put(at, width, value): data[at:at + width] = (value & (1 << 8 * width) - 1).to_bytes(width, "little")
        def named(names, text): return names[1].index(text) if text in names[1] else len(names[1]) + (fresh.index((names[0], text)) if (names[0], text) in fresh else fresh.append((names[0], text)) or len(fresh) - 1)
        day = lambda text: (date.fromisoformat(text) - date(1970, 1, 1)).days
        minute = lambda text: int(text[:2]) * 60 + int(text[3:5])
        flatten("", request); data[:4] = self.hash
        for _, kind, _, duty, _ in (answer for _, answers in self.decisions for answer in answers):
            if kind == 2: put(duty, 4, -1)
        for name in [*self.defaults, *flat]:
            kind, slot, width, first, count, more = self.inputs[name]; value = flat.get(name, self.defaults.get(name)); known.update(range(first, first + count))
            if name not in flat:
                if kind == 5: put(more[0], 2, value[2])
                number = value[1] if value[0] == 1 else named(more, value[1]) if value[0] == 2 else (-2 ** 31 if kind in (5, 6) else -1)
            elif value is None:
                if kind == 5: put(more[0], 2, -1)
                number = -2 ** 31 if kind in (5, 6) else -1
            else:
                if kind == 5: put(more[0], 2, minute(value[11:]))
                number = [lambda: int(value), lambda: more.index(value), lambda: sum(1 << more.index(one) for one in value), lambda: value, lambda: value,
                    lambda: day(value[:10]), lambda: day(value), lambda: minute(value), lambda: named(more, value)][kind]()
            put(slot, width, number)
        if len(known) < sum(one[4] for one in self.inputs.values()):
            data[4] = 1; start = self.length - (sum(one[4] for one in self.inputs.values()) + 31) // 32 * 4
            for bit in known: data[start + bit // 8] |= 1 << bit % 8
        return bytes(data)

    def run(self, packed, decision=0):
        memory, at, out = self.exports["memory"], self.exports["kw_request"](self.store), self.exports["kw_outcome"](self.store)
        memory.write(self.store, packed, at); self.exports["kw_decide"](self.store, decision, at, out)
        count = 1 + max([word + (2 if kind == 2 else 1) for _, kind, word, _, _ in self.decisions[decision][1]])
        return bytes(memory.read(self.store, out, out + 4 * count))

    def decide(self, request, decision=0):
        outcome = self.run(self.pack(request), decision); words = [int.from_bytes(outcome[at:at + 4], "little") for at in range(0, len(outcome), 4)]
        def said(kind, word, labels):
            value = words[1 + word]
            if kind == 2: return None if words[2 + word] else [label for place, label in enumerate(labels) if value >> place & 1]
            return None if value == 0xFFFFFFFF else labels[value] if kind < 2 else value == 1 if kind == 4 else "no limit" if value == 0xFFFFFFFE else value
        return STATUSES[words[0]], {name: said(kind, word, labels) for name, kind, word, _, labels in self.decisions[decision][1]}
