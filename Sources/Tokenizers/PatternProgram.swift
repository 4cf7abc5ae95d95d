/// A regular expression as instructions, which ``PatternMatcher`` runs with backtracking.
struct PatternProgram: Sendable {
    enum Instruction: Sendable {
        case set(ScalarSet)
        /// Scalars of one set, from `min` to `max` of them.
        case span(ScalarSet, min: Int, max: Int, mode: PatternNode.Mode)
        /// Goes on at `first`, and should that fail at `second`.
        case split(first: Int, second: Int)
        case jump(Int)
        /// Runs what follows up to its `accept`, then goes on at `end`, where the text was.
        case look(ahead: Bool, negated: Bool, length: Int, end: Int)
        /// Runs what follows up to its `accept`, then goes on at `end` behind what it matched.
        case atomic(end: Int)
        case anchor(PatternNode.Anchor)
        case accept
    }

    let expression: String
    private(set) var instructions: [Instruction] = []

    static let sizeLimit = 20_000

    init(_ expression: String) throws(PatternFlaw) {
        self.expression = expression
        try add(try PatternParser.parse(expression))
        instructions.append(.accept)
    }

    private mutating func append(_ instruction: Instruction) throws(PatternFlaw) {
        guard instructions.count < Self.sizeLimit else {
            throw PatternFlaw(reason: "has too many repeats within repeats")
        }
        instructions.append(instruction)
    }

    private mutating func add(_ node: PatternNode) throws(PatternFlaw) {
        switch node {
        case .set(let set): try append(.set(set))
        case .anchor(let anchor): try append(.anchor(anchor))
        case .sequence(let nodes): for node in nodes { try add(node) }
        case .choice(let nodes): try addChoice(nodes)
        case .repeated(.set(let set), let min, let max, let mode):
            try append(.span(set, min: min, max: max, mode: mode))
        case .repeated(let node, let min, let max, let mode):
            if mode == .possessive {
                try addInner(.repeated(node, min: min, max: max, mode: .greedy)) { end in
                    .atomic(end: end)
                }
            } else {
                try addRepeat(node, min, max, isGreedy: mode == .greedy)
            }
        case .look(let node, let ahead, let negated):
            let length = node.fixedLength ?? 0
            try addInner(node) { end in
                .look(ahead: ahead, negated: negated, length: length, end: end)
            }
        case .atomic(let node): try addInner(node) { end in .atomic(end: end) }
        }
    }

    private mutating func addInner(
        _ node: PatternNode, _ instruction: (Int) -> Instruction
    ) throws(PatternFlaw) {
        let start = instructions.count
        try append(.accept)
        try add(node)
        try append(.accept)
        instructions[start] = instruction(instructions.count)
    }

    private mutating func addChoice(_ nodes: [PatternNode]) throws(PatternFlaw) {
        var jumps: [Int] = []
        for (index, node) in nodes.enumerated() {
            let isLast = index == nodes.count - 1
            let split = instructions.count
            if !isLast { try append(.accept) }
            try add(node)
            guard !isLast else { break }
            jumps.append(instructions.count)
            try append(.accept)
            instructions[split] = .split(first: split + 1, second: instructions.count)
        }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
    }

    private mutating func addRepeat(
        _ node: PatternNode, _ min: Int, _ max: Int, isGreedy: Bool
    ) throws(PatternFlaw) {
        func split(_ inner: Int, _ end: Int) -> Instruction {
            isGreedy ? .split(first: inner, second: end) : .split(first: end, second: inner)
        }
        for _ in 0..<min { try add(node) }
        if max == .max {
            let start = instructions.count
            try append(.accept)
            try add(node)
            try append(.jump(start))
            instructions[start] = split(start + 1, instructions.count)
            return
        }
        var splits: [Int] = []
        for _ in min..<Swift.max(min, max) {
            splits.append(instructions.count)
            try append(.accept)
            try add(node)
        }
        for at in splits { instructions[at] = split(at + 1, instructions.count) }
    }

    /// Adds the matches in a text, and what lies between.
    ///
    /// An empty match right behind another is passed over, as the reference does.
    func addRuns(
        in text: UnsafeBufferPointer<UInt8>, to runs: inout [Run]
    ) throws(TokenizerError) {
        var matcher = PatternMatcher(self, text)
        var covered = 0
        var from = 0
        var lastEnd: Int?
        while from <= text.count, let (start, end) = try matcher.search(from: from) {
            if start == end, lastEnd == end {
                from += from < text.count ? UTF8Text.scalar(text, from).1 : 1
                continue
            }
            if covered < start { runs.append(Run(start: covered, end: start, isMatch: false)) }
            runs.append(Run(start: start, end: end, isMatch: true))
            covered = end
            from = end
            lastEnd = end
        }
        if covered < text.count {
            runs.append(Run(start: covered, end: text.count, isMatch: false))
        }
    }
}
