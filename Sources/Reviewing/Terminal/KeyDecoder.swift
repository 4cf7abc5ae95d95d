/// Makes keys of the bytes that a terminal sends, however they are split over reads.
///
/// Sequences that name no key of ours, broken UTF-8 and replies of the terminal are passed over.
/// - Source: ECMA-48, sections 5.4 and 5.6; xterm control sequences, "PC-Style Function Keys" and
///   "Bracketed Paste Mode".
struct KeyDecoder: Sendable {
    private enum State: Hashable {
        case ground
        /// The bytes of a character whose end is missing.
        case character([UInt8], count: Int)
        case escape
        /// After `ESC [`: parameters so far.
        case control([UInt8])
        /// After `ESC O`.
        case single
        /// One byte more belongs to a function key of the Linux console.
        case skipped
        /// After `ESC ]` and the like: a reply up to BEL or `ESC \`.
        case reply(afterEscape: Bool)
        /// Within a paste, whose bytes are in `pasted`.
        case paste
    }

    private static let parameterLimit = 32
    private static let pasteLimit = 100_000
    private static let pasteEnd = Array("\u{1B}[201~".utf8)

    private var state = State.ground
    private var pasted: [UInt8] = []

    /// Whether bytes so far are the start of something; ``flush()`` decides after a pause.
    var isWaiting: Bool { state != .ground }

    mutating func feed(_ bytes: some Sequence<UInt8>) -> [Key] {
        bytes.compactMap { next($0) }
    }

    /// Nothing more came for a while: a lone escape byte was the key, a pause within a paste is
    /// none, and other beginnings are given up.
    mutating func flush() -> [Key] {
        if state == .paste { return [] }
        defer { state = .ground }
        return state == .escape ? [.escape] : []
    }

    private mutating func next(_ byte: UInt8) -> Key? {
        switch state {
        case .ground: return begin(byte)
        case .character(let bytes, let count): return goOn(bytes + [byte], count)
        case .escape: return afterEscape(byte)
        case .control(let parameters): return afterControl(parameters, byte)
        case .single:
            state = .ground
            return Self.arrow(byte)
        case .skipped:
            state = .ground
            return nil
        case .reply(let afterEscape):
            if byte == 0x07 || (afterEscape && byte == 0x5C) {
                state = .ground
            } else {
                state = .reply(afterEscape: byte == 0x1B)
            }
            return nil
        case .paste: return afterPaste(byte)
        }
    }

    private mutating func begin(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x1B:
            state = .escape
            return nil
        case 0x0D: return .enter
        case 0x09: return .tab
        case 0x08, 0x7F: return .backspace
        case 0x00: return .control(" ")
        case 0x01...0x1A: return .control(Character(Unicode.Scalar(byte + 0x60)))
        case 0x20...0x7E: return .character(Character(Unicode.Scalar(byte)))
        case 0xC2...0xDF: state = .character([byte], count: 2)
        case 0xE0...0xEF: state = .character([byte], count: 3)
        case 0xF0...0xF4: state = .character([byte], count: 4)
        default: break
        }
        return nil
    }

    private mutating func goOn(_ bytes: [UInt8], _ count: Int) -> Key? {
        guard let last = bytes.last, (0x80...0xBF).contains(last) else {
            state = .ground
            return bytes.last.flatMap { begin($0) }
        }
        guard bytes.count == count else {
            state = .character(bytes, count: count)
            return nil
        }
        state = .ground
        return String(validating: bytes, as: UTF8.self)?.first.map { .character($0) }
    }

    private mutating func afterEscape(_ byte: UInt8) -> Key? {
        state = .ground
        switch byte {
        case 0x5B: state = .control([])
        case 0x4F: state = .single
        case 0x5D, 0x50, 0x58, 0x5E, 0x5F: state = .reply(afterEscape: false)
        case 0x1B:
            state = .escape
            return .escape
        case 0x0D, 0x20...0x7E: return .alternate(Character(Unicode.Scalar(byte)))
        default: return begin(byte)
        }
        return nil
    }

    private mutating func afterControl(_ parameters: [UInt8], _ byte: UInt8) -> Key? {
        switch byte {
        case 0x1B: state = .escape
        case 0x5B where parameters.isEmpty: state = .skipped
        case 0x40...0x7E:
            state = .ground
            let numbers = String(decoding: parameters, as: UTF8.self).split(separator: ";")
            guard byte == 0x7E else { return byte == 0x5A ? .backTab : Self.arrow(byte) }
            if numbers.first == "200" { state = .paste }
            return numbers.first.flatMap { Self.numbered[String($0)] }
        case 0x20...0x3F:
            state = .control(
                parameters.count < Self.parameterLimit ? parameters + [byte] : parameters)
        default: state = .ground
        }
        return nil
    }

    private mutating func afterPaste(_ byte: UInt8) -> Key? {
        pasted.append(byte)
        guard pasted.suffix(Self.pasteEnd.count) == Self.pasteEnd[...] else {
            // Over the limit only the end is kept, by which the end of the paste is known.
            if pasted.count >= Self.pasteLimit + Self.pasteEnd.count {
                pasted.remove(at: Self.pasteLimit)
            }
            return nil
        }
        let text = String(decoding: pasted.dropLast(Self.pasteEnd.count), as: UTF8.self)
        pasted = []
        state = .ground
        return .paste(text.replacing("\r\n", with: "\n").replacing("\r", with: "\n"))
    }

    private static func arrow(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x41: .up
        case 0x42: .down
        case 0x43: .right
        case 0x44: .left
        case 0x46: .end
        case 0x48: .home
        case 0x4D: .enter
        default: nil
        }
    }

    private static let numbered: [String: Key] = [
        "1": .home, "7": .home, "4": .end, "8": .end, "3": .delete, "5": .pageUp, "6": .pageDown,
    ]
}
