extension TokenDecoder {
    /// The bytes that tokens spell; a token with a character beyond the alphabet stands for itself.
    static func decodeBytes(_ tokens: [String]) -> String {
        var bytes: [UInt8] = []
        for var token in tokens {
            token.withUTF8 { text in
                if let spelled = ByteAlphabet.standard.bytes(of: text) {
                    bytes += spelled
                } else {
                    bytes += text
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Puts the bytes of "<0xE2>", "<0x96>" … together; bytes that are no UTF-8 become "�" each.
    static func decodeFallbacks(_ tokens: [String]) -> [String] {
        var result: [String] = []
        var bytes: [UInt8] = []
        func flush() {
            guard !bytes.isEmpty else { return }
            if let text = String(validating: bytes, as: UTF8.self) {
                result.append(text)
            } else {
                result += Array(repeating: "\u{FFFD}", count: bytes.count)
            }
            bytes = []
        }
        for token in tokens {
            if let byte = fallbackByte(token) {
                bytes.append(byte)
            } else {
                flush()
                result.append(token)
            }
        }
        flush()
        return result
    }

    /// The byte of "<0x4A>". As in the reference one digit may be a plus sign.
    private static func fallbackByte(_ token: String) -> UInt8? {
        let text = Array(token.utf8)
        guard text.count == 6, text.starts(with: "<0x".utf8), text[5] == UInt8(ascii: ">") else {
            return nil
        }
        return UInt8(String(decoding: text[3..<5], as: UTF8.self), radix: 16)
    }

    static func strip(
        _ token: String, _ content: Unicode.Scalar, _ start: Int, _ stop: Int
    ) -> String {
        let scalars = Array(token.unicodeScalars)
        let first = scalars.prefix(start).prefix { $0 == content }.count
        let last = scalars.reversed().prefix(stop).prefix { $0 == content }.count
        guard first + last < scalars.count else { return "" }
        return String(String.UnicodeScalarView(scalars[first..<scalars.count - last]))
    }

    static func replace(
        _ token: String, _ pattern: TextPattern, _ text: String
    ) throws(TokenizerError) -> String {
        let bytes = Array(token.utf8)
        var result = ""
        for run in try pattern.runs(in: bytes[...]) {
            result +=
                run.isMatch ? text : String(decoding: bytes[run.start..<run.end], as: UTF8.self)
        }
        return result
    }

    static func decodeSpaces(_ tokens: [String], _ metaspace: Metaspace) -> [String] {
        tokens.enumerated().map { index, token in
            var result = String.UnicodeScalarView()
            for scalar in token.unicodeScalars {
                if scalar.value != metaspace.mark {
                    result.append(scalar)
                } else if index > 0 || metaspace.scheme == .never {
                    result.append(" ")
                }
            }
            return String(result)
        }
    }

    static func joinWords(_ tokens: [String], _ prefix: String, _ cleansUp: Bool) -> [String] {
        tokens.enumerated().map { index, token in
            var token = token
            if index > 0 {
                if token.utf8.starts(with: prefix.utf8) {
                    token = String(decoding: token.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
                } else {
                    token = " " + token
                }
            }
            return cleansUp ? cleanUp(token) : token
        }
    }

    private static func cleanUp(_ text: String) -> String {
        guard text.utf8.contains(0x20) else { return text }
        let changes = [
            (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
            (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
        ]
        return changes.reduce(text) { $0.replacingUTF8($1.0, with: $1.1) }
    }
}

extension String {
    /// Replaces bytes by bytes, blind to which characters are equal in Unicode.
    func replacingUTF8(_ old: String, with new: String) -> String {
        guard !old.isEmpty else { return self }
        let bytes = Array(utf8)
        let old = Array(old.utf8)
        var result: [UInt8] = []
        var at = 0
        while at < bytes.count {
            if bytes[at] == old[0], bytes[at...].starts(with: old) {
                result += new.utf8
                at += old.count
            } else {
                result.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
