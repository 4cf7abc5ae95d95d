import Foundation

/// The four normal forms of Unicode, by the edition the reference knows.
///
/// - Source: UAX #15, Unicode 9.0, as in `unicode-normalization-alignments` 0.1. Decompositions
///   never change once given, so those of today serve, limited to the characters of 9.0.
///   Parity: every scalar in each form, by test.
struct UnicodeForms: Sendable {
    enum Form: String, CaseIterable { case nfc = "NFC", nfd = "NFD", nfkc = "NFKC", nfkd = "NFKD" }

    static let standard = UnicodeForms()

    /// Low byte: combining class. Then whether the scalar decomposes canonically, or in the
    /// compatible way, and whether it may combine with what stands before it.
    private let table: ScalarTable
    private let canonical: [UInt32: [UInt32]]
    private let compatible: [UInt32: [UInt32]]
    private let compositions: [UInt64: UInt32]

    private static let isCanonical: UInt32 = 1 << 8
    private static let isCompatible: UInt32 = 1 << 9
    private static let combines: UInt32 = 1 << 10

    private init() {
        let scalars = Self.candidates()
        let canonical = Self.changes(scalars, \.decomposedStringWithCanonicalMapping)
        var compatible = Self.changes(scalars, \.decomposedStringWithCompatibilityMapping)
        for (scalar, parts) in canonical where compatible[scalar] == parts {
            compatible[scalar] = nil
        }
        let composed = Self.changes(scalars, \.precomposedStringWithCanonicalMapping)
        let compositions = Self.compositions(canonical, changedByComposing: Set(composed.keys))
        let seconds = Set(compositions.keys.map { UInt32(truncatingIfNeeded: $0) })
        self.canonical = canonical
        self.compatible = compatible
        self.compositions = compositions
        table = ScalarTable { [compatible] scalar in
            let value = scalar.value
            guard scalar.properties.age.map({ $0.major <= 9 }) ?? false else { return 0 }
            var flags = UInt32(scalar.properties.canonicalCombiningClass.rawValue)
            let isHangul = (0xAC00..<0xD7A4).contains(value)
            if canonical[value] != nil || isHangul { flags |= Self.isCanonical }
            if compatible[value] != nil { flags |= Self.isCompatible }
            let isJamo = (0x1161..<0x1176).contains(value) || (0x11A8..<0x11C3).contains(value)
            if seconds.contains(value) || isJamo { flags |= Self.combines }
            return flags
        }
    }

    /// Where Unicode 9.0 has characters with decompositions, but for the Hangul syllables.
    private static func candidates() -> [Unicode.Scalar] {
        let ranges: [Range<UInt32>] = [
            0xA0..<0x3400, 0xA640..<0xAC00, 0xF900..<0x1_2000, 0x1_B000..<0x1_F300,
            0x2_F800..<0x2_FA20,
        ]
        return ranges.joined().compactMap(Unicode.Scalar.init).filter { scalar in
            scalar.properties.age.map { $0.major <= 9 } ?? false
        }
    }

    /// Each scalar that `form` changes, and what it becomes. All go through in one text, a line
    /// each, for a call costs far more than a scalar.
    private static func changes(
        _ scalars: [Unicode.Scalar], _ form: KeyPath<NSString, String>
    ) -> [UInt32: [UInt32]] {
        var text = String.UnicodeScalarView()
        for scalar in scalars {
            text.append(scalar)
            text.append("\n")
        }
        let lines = NSString(string: String(text))[keyPath: form].unicodeScalars
            .split(separator: "\n", omittingEmptySubsequences: false)
        var changes: [UInt32: [UInt32]] = [:]
        for (scalar, line) in zip(scalars, lines) {
            let parts = line.map(\.value)
            if parts != [scalar.value] { changes[scalar.value] = parts }
        }
        return changes
    }

    /// The pairs that compose, from the characters that survive being composed.
    private static func compositions(
        _ canonical: [UInt32: [UInt32]], changedByComposing: Set<UInt32>
    ) -> [UInt64: UInt32] {
        var wholes: [[UInt32]: UInt32] = [:]
        for (whole, parts) in canonical where !changedByComposing.contains(whole) {
            wholes[parts] = whole
        }
        var pairs: [UInt64: UInt32] = [:]
        for (parts, whole) in wholes {
            guard let last = parts.last, parts.count > 1 else { continue }
            let rest = Array(parts.dropLast())
            guard let first = rest.count == 1 ? rest[0] : wholes[rest] else { continue }
            pairs[UInt64(first) << 32 | UInt64(last)] = whole
        }
        return pairs
    }

    func combiningClass(_ scalar: UInt32) -> UInt8 {
        scalar < 0x300 ? 0 : UInt8(truncatingIfNeeded: table[scalar])
    }

    /// Whether a text of such scalars alone is its own normal form.
    func isInert(_ scalar: UInt32, in form: Form) -> Bool {
        guard scalar >= 0xA0 else { return true }
        let flags = table[scalar]
        let mask =
            switch form {
            case .nfc: 0xFF | Self.combines | Self.isCanonical
            case .nfd: 0xFF | Self.isCanonical
            case .nfkc: 0xFF | Self.combines | Self.isCanonical | Self.isCompatible
            case .nfkd: 0xFF | Self.isCanonical | Self.isCompatible
            }
        if flags & mask == 0 { return true }
        // A composed character stays composed unless something follows that combines.
        return form == .nfc && flags & (0xFF | Self.combines) == 0
            && composedStays(scalar)
    }

    private func composedStays(_ scalar: UInt32) -> Bool {
        if (0xAC00..<0xD7A4).contains(scalar) { return true }
        guard let parts = canonical[scalar], parts.count == 2 else { return false }
        return compositions[UInt64(parts[0]) << 32 | UInt64(parts[1])] == scalar
    }

    /// The full decomposition of a scalar, unless it is its own.
    func decomposition(_ scalar: UInt32, compatibly: Bool) -> [UInt32]? {
        guard scalar >= 0xA0 else { return nil }
        let flags = table[scalar]
        if compatibly, flags & Self.isCompatible != 0 { return compatible[scalar] }
        guard flags & Self.isCanonical != 0 else { return nil }
        return canonical[scalar] ?? Self.jamo(scalar)
    }

    private static func jamo(_ scalar: UInt32) -> [UInt32]? {
        guard (0xAC00..<0xD7A4).contains(scalar) else { return nil }
        let index = scalar - 0xAC00
        let pair = [0x1100 + index / 588, 0x1161 + index % 588 / 28]
        return index % 28 == 0 ? pair : pair + [0x11A7 + index % 28]
    }

    /// What two scalars compose to.
    func composition(_ first: UInt32, _ second: UInt32) -> UInt32? {
        if (0x1100..<0x1113).contains(first), (0x1161..<0x1176).contains(second) {
            return 0xAC00 + ((first - 0x1100) * 21 + second - 0x1161) * 28
        }
        if (0xAC00..<0xD7A4).contains(first), (first - 0xAC00) % 28 == 0,
            (0x11A8..<0x11C3).contains(second)
        {
            return first + second - 0x11A7
        }
        guard second >= 0x300 else { return nil }
        return compositions[UInt64(first) << 32 | UInt64(second)]
    }
}
