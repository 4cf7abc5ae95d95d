/// The splitting expressions of GPT-2, of Llama 3 (which is GPT-4's) and of Qwen, by hand.
///
/// Every position of a text belongs to a match of theirs, so that a scan is a list of ends.
///
/// - Source: `pre_tokenizers/byte_level.rs` of tokenizers 0.23; the `tokenizer.json` of
///   Meta-Llama-3-8B and Qwen2-7B. Parity: against the general matcher on random text, by test.
struct WordScanner: Sendable {
    enum Family: Sendable { case gpt2, gpt4 }

    let family: Family
    /// How many digits are one word.
    let digitLimit: Int
    private let classes = ScalarClasses.standard

    static let gpt2 = WordScanner(family: .gpt2, digitLimit: .max)

    private init(family: Family, digitLimit: Int) {
        self.family = family
        self.digitLimit = digitLimit
    }

    /// The scanner of a well-known expression, or nil for any other.
    init?(expression: String) {
        func gpt4(_ digits: String) -> String {
            #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"# + digits
                + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
        }
        let rest = #"| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
        switch expression {
        case "'s|'t|'re|'ve|'m|'ll|'d" + rest, "'(?:[sdmt]|ll|ve|re)" + rest: self = .gpt2
        case gpt4(#"\p{N}{1,3}"#): self.init(family: .gpt4, digitLimit: 3)
        case gpt4(#"\p{N}"#): self.init(family: .gpt4, digitLimit: 1)
        default: return nil
        }
    }

    /// What a scalar is to the expressions.
    private enum Kind { case letter, number, newline, space, other }

    private typealias Text = UnsafeBufferPointer<UInt8>

    @inline(__always)
    private func kind(_ text: Text, _ at: Int) -> (Kind, Int) {
        let byte = text[at]
        if byte < 0x80 {
            switch byte {
            case 0x61...0x7A, 0x41...0x5A: return (.letter, 1)
            case 0x30...0x39: return (.number, 1)
            case 0x0A, 0x0D: return (.newline, 1)
            case 0x20, 0x09, 0x0B, 0x0C: return (.space, 1)
            default: return (.other, 1)
            }
        }
        let (scalar, length) = UTF8Text.scalar(text, at)
        let flags = classes[scalar]
        if flags & ScalarClasses.Flags.letter != 0 { return (.letter, length) }
        if flags & ScalarClasses.Flags.number != 0 { return (.number, length) }
        return (flags & ScalarClasses.Flags.space != 0 ? .space : .other, length)
    }

    func addRuns(in text: UnsafeBufferPointer<UInt8>, to runs: inout [Run]) {
        var at = 0
        while at < text.count {
            let end = family == .gpt2 ? endOfGPT2Word(text, at) : endOfGPT4Word(text, at)
            runs.append(Run(start: at, end: end, isMatch: true))
            at = end
        }
    }

    /// The end of the scalars of one kind that begin at `start`.
    @inline(__always)
    private func end(of wanted: Kind, _ text: Text, _ start: Int, limit: Int = .max) -> Int {
        var at = start
        var count = 0
        while at < text.count, count < limit {
            let (kind, length) = kind(text, at)
            guard kind == wanted else { break }
            at += length
            count += 1
        }
        return at
    }

    private func endOfGPT2Word(_ text: Text, _ start: Int) -> Int {
        if let end = endOfContraction(text, start) { return end }
        var at = start
        if text[at] == 0x20, at + 1 < text.count {
            let next = kind(text, at + 1).0
            if next != .space, next != .newline { at += 1 }
        }
        let (kind, _) = kind(text, at)
        if kind == .space || kind == .newline { return endOfSpace(text, at) }
        return end(of: kind, text, at)
    }

    private func endOfGPT4Word(_ text: Text, _ start: Int) -> Int {
        if let end = endOfContraction(text, start) { return end }
        let (first, length) = kind(text, start)
        let next = start + length
        switch first {
        case .letter: return end(of: .letter, text, next)
        case .number: return end(of: .number, text, start, limit: digitLimit)
        case .newline: break
        case .space, .other:
            guard next < text.count else { break }
            switch kind(text, next).0 {
            case .letter: return end(of: .letter, text, next)
            case .other where text[start] == 0x20: return endOfSigns(text, next)
            default: break
            }
        }
        return first == .other ? endOfSigns(text, start) : endOfSpace(text, start)
    }

    /// `[^\s\p{L}\p{N}]+[\r\n]*`
    private func endOfSigns(_ text: Text, _ start: Int) -> Int {
        end(of: .newline, text, end(of: .other, text, start))
    }

    /// `\s*[\r\n]+|\s+(?!\S)|\s+`, the first of them GPT-4's only: up to the last line end, else
    /// all but the last space, else that.
    private func endOfSpace(_ text: Text, _ start: Int) -> Int {
        var at = start
        var last = start
        var endOfLine: Int?
        while at < text.count {
            let (kind, length) = kind(text, at)
            guard kind == .space || kind == .newline else { break }
            last = at
            at += length
            if kind == .newline { endOfLine = at }
        }
        if family == .gpt4, let endOfLine { return endOfLine }
        return at == text.count || last == start ? at : last
    }

    /// `'s|'t|'re|'ve|'m|'ll|'d`, in GPT-4's in any case, which includes the long s.
    private func endOfContraction(_ text: Text, _ start: Int) -> Int? {
        guard text[start] == 0x27, start + 1 < text.count else { return nil }
        let fold: UInt8 = family == .gpt4 ? 0x20 : 0
        func letter(_ at: Int) -> UInt8 { at < text.count ? text[at] | fold : 0 }
        let second = letter(start + 2)
        switch letter(start + 1) {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
            return start + 2
        case UInt8(ascii: "r") where second == UInt8(ascii: "e"),
            UInt8(ascii: "v") where second == UInt8(ascii: "e"),
            UInt8(ascii: "l") where second == UInt8(ascii: "l"):
            return start + 3
        default: break
        }
        let isLongS =
            family == .gpt4 && start + 2 < text.count && text[start + 1] == 0xC5
            && text[start + 2] == 0xBF
        return isLongS ? start + 3 : nil
    }
}
