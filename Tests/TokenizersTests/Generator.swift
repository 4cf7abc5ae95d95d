/// SplitMix64, so that every run tries the same.
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    /// A text of words, signs, spaces and any characters at all.
    mutating func text(_ count: Int) -> String {
        let pieces = [
            "the", "don't", "I'LL", " we", "é", "e\u{301}", "ſ", "狐", "カ", "한", "น้ำ", "😀", "👍🏽",
            "½", "1", "42", "123456", " ", "  ", "\n", "\r\n", "\t", "\u{A0}", "\u{3000}", "'",
            "'s",
            ".", "...", "-", "_", "(", "=", "x", "Ab", "ZZ", "\u{0}", "\u{200D}", "\u{2028}",
        ]
        return (0..<count).reduce(into: "") { text, _ in
            if next() % 5 == 0 {
                let scalar = Unicode.Scalar(UInt32.random(in: 0..<0x3000, using: &self))
                text.unicodeScalars.append(scalar ?? "?")
            } else {
                text += pieces.randomElement(using: &self) ?? ""
            }
        }
    }
}
