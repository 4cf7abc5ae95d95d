/// Runs a regular expression over a text: the leftmost match, and of those the one that the
/// expression prefers, by backtracking on a stack of its own.
///
/// The steps are counted over the whole text, so that an expression that explodes ends in an error.
struct PatternMatcher {
    private struct Choice {
        var instruction: Int
        var at: Int
        /// The least end of a greedy span that can still give way, or −1.
        var least: Int
        /// How many more scalars a lazy span may take, or 0.
        var more = 0
    }

    private let program: PatternProgram
    private let text: UnsafeBufferPointer<UInt8>
    private var choices: [Choice] = []
    private var steps = 0
    private let stepLimit: Int

    init(_ program: PatternProgram, _ text: UnsafeBufferPointer<UInt8>) {
        self.program = program
        self.text = text
        stepLimit = 10_000_000 + 1000 * text.count
    }

    mutating func search(from start: Int) throws(TokenizerError) -> (Int, Int)? {
        var at = start
        while at <= text.count {
            if let end = try match(0, at) { return (at, end) }
            at += at < text.count ? UTF8Text.scalar(text, at).1 : 1
        }
        return nil
    }

    private mutating func count(_ more: Int) throws(TokenizerError) {
        steps += more
        guard steps <= stepLimit else {
            throw .costlyPattern(pattern: program.expression, limit: stepLimit)
        }
    }

    /// The end of a match that begins at `start`, of the instructions from `first` on.
    private mutating func match(_ first: Int, _ start: Int) throws(TokenizerError) -> Int? {
        let base = choices.count
        defer { choices.removeSubrange(base...) }
        var instruction = first
        var at = start
        while true {
            try count(1)
            if case .accept = program.instructions[instruction] { return at }
            if let next = try step(instruction, &at) {
                instruction = next
            } else {
                guard let next = backtrack(base, &at) else { return nil }
                instruction = next
            }
        }
    }

    /// Takes back the last choice, if one was made since `base`.
    private mutating func backtrack(_ base: Int, _ at: inout Int) -> Int? {
        while choices.count > base, var choice = choices.popLast() {
            guard choice.more > 0 || choice.least >= 0 else {
                at = choice.at
                return choice.instruction
            }
            if choice.more > 0 {
                guard let end = endOfScalar(lazySet(choice.instruction), choice.at) else {
                    continue
                }
                choice.at = end
                if choice.more < .max { choice.more -= 1 }
                if choice.more > 0 { choices.append(choice) }
            } else {
                choice.at = UTF8Text.start(text, before: choice.at)
                if choice.at > choice.least { choices.append(choice) }
            }
            at = choice.at
            return choice.instruction
        }
        return nil
    }

    /// The set of the span before `instruction`.
    private func lazySet(_ instruction: Int) -> ScalarSet? {
        guard case .span(let set, _, _, _) = program.instructions[instruction - 1] else {
            return nil
        }
        return set
    }

    private func endOfScalar(_ set: ScalarSet?, _ at: Int) -> Int? {
        guard let set, at < text.count else { return nil }
        let (scalar, length) = UTF8Text.scalar(text, at)
        return set.contains(scalar) ? at + length : nil
    }

    /// Performs an instruction; nil when it fails.
    private mutating func step(_ index: Int, _ at: inout Int) throws(TokenizerError) -> Int? {
        switch program.instructions[index] {
        case .set(let set):
            guard let end = endOfScalar(set, at) else { return nil }
            at = end
            return index + 1
        case .span(let set, let min, let max, let mode):
            return try span(set, min, max, mode, index + 1, &at) ? index + 1 : nil
        case .split(let first, let second):
            choices.append(Choice(instruction: second, at: at, least: -1))
            return first
        case .jump(let target): return target
        case .anchor(let anchor): return holds(anchor, at) ? index + 1 : nil
        case .look(let ahead, let negated, let length, let end):
            let from = ahead ? at : back(length, from: at)
            let found = try from.map { from throws(TokenizerError) in
                try match(index + 1, from)
            }
            return ((found ?? nil) != nil) != negated ? end : nil
        case .atomic(let end):
            guard let after = try match(index + 1, at) else { return nil }
            at = after
            return end
        case .accept: return nil
        }
    }

    private mutating func span(
        _ set: ScalarSet, _ min: Int, _ max: Int, _ mode: PatternNode.Mode, _ next: Int,
        _ at: inout Int
    ) throws(TokenizerError) -> Bool {
        var taken = 0
        var least = min == 0 ? at : text.count + 1
        let limit = mode == .lazy ? min : max
        while taken < limit, let end = endOfScalar(set, at) {
            at = end
            taken += 1
            if taken == min { least = at }
        }
        try count(taken)
        guard taken >= min else { return false }
        switch mode {
        case .possessive: break
        case .greedy:
            if at > least { choices.append(Choice(instruction: next, at: at, least: least)) }
        case .lazy:
            let more = max == .max ? Int.max : max - min
            if more > 0 {
                choices.append(Choice(instruction: next, at: at, least: -1, more: more))
            }
        }
        return true
    }

    private func back(_ count: Int, from at: Int) -> Int? {
        var at = at
        for _ in 0..<count {
            guard at > 0 else { return nil }
            at = UTF8Text.start(text, before: at)
        }
        return at
    }

    private func holds(_ anchor: PatternNode.Anchor, _ at: Int) -> Bool {
        func isWord(_ at: Int) -> Bool {
            ScalarClasses.standard.has(
                ScalarClasses.Flags.word, UTF8Text.scalar(text, at).0)
        }
        func isEdge() -> Bool {
            let before = at > 0 && isWord(UTF8Text.start(text, before: at))
            return before != (at < text.count && isWord(at))
        }
        switch anchor {
        case .textStart: return at == 0
        case .textEnd: return at == text.count
        case .textEndOrLastLine:
            return at == text.count || (at == text.count - 1 && text[at] == 0x0A)
        // Oniguruma has no line begin behind a line end that ends the text.
        case .lineStart: return at == 0 || (text[at - 1] == 0x0A && at < text.count)
        case .lineEnd: return at == text.count || text[at] == 0x0A
        case .wordEdge: return isEdge()
        case .noWordEdge: return !isEdge()
        }
    }
}
