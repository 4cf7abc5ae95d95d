/// Percent-encoded text, and the fields of a query or a form.
enum FormFields {
    /// Decodes "a=1&b=2".
    ///
    /// - Throws: 400 for text that is not UTF-8 or badly encoded, for a name that comes twice (which
    ///   of the two holds is a matter of taste, and readers with different tastes can be played off
    ///   against each other), and for more fields than the limit.
    /// - Source: WHATWG URL, section 5.1, but for what is refused.
    static func decode(
        _ bytes: ArraySlice<UInt8>, limit: Int
    ) throws(RequestFault) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let name = try text(pair[..<equals])
            guard fields[name] == nil else { throw .badRequest("A parameter is there twice.") }
            guard fields.count < limit else { throw .badRequest("There are too many parameters.") }
            fields[name] = try text(pair[equals...].dropFirst())
        }
        return fields
    }

    private static func text(_ bytes: ArraySlice<UInt8>) throws(RequestFault) -> String {
        let spaced = bytes.map { $0 == UInt8(ascii: "+") ? 0x20 : $0 }
        guard let text = percentDecoded(spaced[...]), !text.utf8.contains(0) else {
            throw .badRequest("A parameter cannot be decoded.")
        }
        return text
    }

    /// - Returns: nil for an escape without two hexadecimal digits, and for what is not UTF-8.
    static func percentDecoded(_ bytes: ArraySlice<UInt8>) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                decoded.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexadecimal),
                let low = rest.popFirst().flatMap(hexadecimal)
            else { return nil }
            decoded.append(high << 4 | low)
        }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
