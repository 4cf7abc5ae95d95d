extension UnicodeForms {
    /// A scalar on its way through normalisation: its combining class, and what it does to the old
    /// text (see ``PassageEditor/emit(_:_:)``).
    private struct Part {
        var scalar: UInt32
        var change: Int
        var combiningClass: UInt8
    }

    /// Brings a passage into a normal form.
    ///
    /// - Complexity: O(n log n) for a text of n combining marks, else O(n).
    func normalise(_ passage: inout Passage, to form: Form) {
        let scalars = passage.scalars
        if scalars.allSatisfy({ isInert($0, in: form) }) { return }
        var parts = decompose(scalars, compatibly: form == .nfkc || form == .nfkd)
        if form == .nfc || form == .nfkc { parts = compose(parts) }
        var editor = PassageEditor(passage)
        for part in parts { editor.emit(part.scalar, part.change) }
        editor.finish(&passage)
    }

    private func decompose(_ scalars: [UInt32], compatibly: Bool) -> [Part] {
        var parts: [Part] = []
        parts.reserveCapacity(scalars.count)
        /// Where the marks begin that are not in order yet.
        var pending = 0
        func add(_ scalar: UInt32, _ change: Int) {
            let combiningClass = combiningClass(scalar)
            if combiningClass == 0 {
                sortMarks(&parts, from: pending)
                pending = parts.count + 1
            }
            parts.append(Part(scalar: scalar, change: change, combiningClass: combiningClass))
        }
        for scalar in scalars {
            guard let decomposed = decomposition(scalar, compatibly: compatibly) else {
                add(scalar, 0)
                continue
            }
            for (index, part) in decomposed.enumerated() { add(part, index == 0 ? 0 : 1) }
        }
        sortMarks(&parts, from: pending)
        return parts
    }

    private func sortMarks(_ parts: inout [Part], from start: Int) {
        guard parts.count - start > 1 else { return }
        let sorted = parts[start...].enumerated().sorted { a, b in
            (a.element.combiningClass, a.offset) < (b.element.combiningClass, b.offset)
        }
        parts.replaceSubrange(start..., with: sorted.map(\.element))
    }

    private func compose(_ parts: [Part]) -> [Part] {
        var result: [Part] = []
        result.reserveCapacity(parts.count)
        /// Where in `result` the last starter is, which marks may combine with.
        var starter: Int?
        for part in parts {
            guard let at = starter else {
                if part.combiningClass == 0 { starter = result.count }
                result.append(part)
                continue
            }
            let last = result[result.count - 1].combiningClass
            let isBlocked = result.count - 1 > at && last >= part.combiningClass
            if !isBlocked, let whole = composition(result[at].scalar, part.scalar) {
                result[at].scalar = whole
                result[at].change += part.change - 1
                continue
            }
            if part.combiningClass == 0 { starter = result.count }
            result.append(part)
        }
        return result
    }
}
