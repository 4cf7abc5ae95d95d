/// A pattern as a table that is walked once a character: matching it costs at most
/// ``lengthLimit`` steps from each place of a text, whatever the pattern.
///
/// - Source: the subset construction, Rabin and Scott 1959, over ``PatternPlaces``.
struct Pattern: Sendable {
    private let start: PatternEdge
    private let end: PatternEdge
    /// The class of each symbol: symbols that no place tells apart share one.
    private let classes: [UInt8]
    private let classCount: Int
    /// The next state by state and class; state 0 leads nowhere, state 1 is the first.
    private let table: [UInt16]
    private let accepts: [Bool]

    /// The longest match, in characters.
    static let lengthLimit = 256
    static let stateLimit = 600

    /// - Parameter source: without the slashes.
    init(_ source: String) throws(PatternFault) {
        var parser = PatternParser(source)
        let parsed = try parser.parse()
        start = parsed.start
        end = parsed.end
        let places = PatternPlaces(parsed.node)
        guard !places.whole.isEmpty else {
            throw PatternFault(
                offset: 0, reason: "it matches the empty text; let it hold at least one character")
        }
        (classes, classCount) = Self.classes(places.sets)
        var builder = PatternTableBuilder(places: places, classes: classes, classCount: classCount)
        guard builder.build(limit: Self.stateLimit) else {
            throw PatternFault(
                offset: 0,
                reason: "it needs more than \(Self.stateLimit) states; use shorter repetitions")
        }
        table = builder.table
        accepts = builder.accepts
    }

    private static func classes(_ sets: [SymbolSet]) -> ([UInt8], Int) {
        var numbers: [[Bool]: UInt8] = [:]
        let distinct = Set(sets)
        let classes = (0..<UInt8(Symbol.count)).map { symbol in
            let signature = distinct.map { $0.contains(symbol) }
            let number = numbers[signature] ?? UInt8(numbers.count)
            numbers[signature] = number
            return number
        }
        return (classes, numbers.count)
    }

    /// Calls `found` with every match, leftmost and longest, none overlapping another.
    func matches(
        _ symbols: UnsafeBufferPointer<UInt8>, in range: Range<Int>, found: (Range<Int>) -> Void
    ) {
        classes.withUnsafeBufferPointer { classes in
            table.withUnsafeBufferPointer { table in
                var i = range.lowerBound
                while i < range.upperBound {
                    if table[classCount + Int(classes[Int(symbols[i])])] == 0 {
                        i += 1
                        continue
                    }
                    guard mayBegin(symbols, at: i, in: range),
                        let end = matchEnd(symbols, from: i, in: range, classes, table)
                    else {
                        i += 1
                        continue
                    }
                    found(i..<end)
                    i = end
                }
            }
        }
    }

    @inline(__always)
    private func matchEnd(
        _ symbols: UnsafeBufferPointer<UInt8>, from i: Int, in range: Range<Int>,
        _ classes: UnsafeBufferPointer<UInt8>, _ table: UnsafeBufferPointer<UInt16>
    ) -> Int? {
        let limit = min(range.upperBound, i + Self.lengthLimit)
        var (state, j) = (1, i)
        var last: Int?
        while j < limit {
            state = Int(table[state * classCount + Int(classes[Int(symbols[j])])])
            if state == 0 { break }
            j += 1
            if accepts[state], mayEnd(symbols, at: j, in: range) { last = j }
        }
        return last
    }

    private func mayBegin(
        _ symbols: UnsafeBufferPointer<UInt8>, at i: Int, in range: Range<Int>
    ) -> Bool {
        switch start {
        case .anywhere: true
        case .line: i == range.lowerBound || symbols[i - 1] == UInt8(ascii: "\n")
        case .word: isWordEdge(symbols, at: i, in: range)
        }
    }

    private func mayEnd(
        _ symbols: UnsafeBufferPointer<UInt8>, at i: Int, in range: Range<Int>
    ) -> Bool {
        switch end {
        case .anywhere: true
        case .line:
            i == range.upperBound || symbols[i] == UInt8(ascii: "\n")
                || symbols[i] == UInt8(ascii: "\r")
        case .word: isWordEdge(symbols, at: i, in: range)
        }
    }

    private func isWordEdge(
        _ symbols: UnsafeBufferPointer<UInt8>, at i: Int, in range: Range<Int>
    ) -> Bool {
        let before = i > range.lowerBound && PatternParser.wordSet.contains(symbols[i - 1])
        let after = i < range.upperBound && PatternParser.wordSet.contains(symbols[i])
        return before != after
    }
}

/// Makes a deterministic table out of places.
struct PatternTableBuilder {
    let places: PatternPlaces
    let classes: [UInt8]
    let classCount: Int
    private(set) var table: [UInt16] = []
    private(set) var accepts: [Bool] = []
    private var numbers: [[Int]: UInt16] = [:]
    private var waiting: [[Int]] = []

    init(places: PatternPlaces, classes: [UInt8], classCount: Int) {
        self.places = places
        self.classes = classes
        self.classCount = classCount
    }

    /// Returns false when more than `limit` states are needed.
    mutating func build(limit: Int) -> Bool {
        table = [UInt16](repeating: 0, count: 2 * classCount)
        accepts = [false, false]
        let samples = (0..<classCount).map { number in
            UInt8(classes.firstIndex(of: UInt8(number)) ?? 0)
        }
        fill(state: 1, reachable: places.whole.first, samples)
        var next = 0
        while next < waiting.count {
            guard waiting.count <= limit else { return false }
            let state = waiting[next]
            let reachable = state.reduce(into: Set<Int>()) { $0.formUnion(places.followers[$1]) }
            fill(state: next + 2, reachable: reachable, samples)
            next += 1
        }
        return true
    }

    private mutating func fill(state: Int, reachable: Set<Int>, _ samples: [UInt8]) {
        for (number, sample) in samples.enumerated() {
            let target = reachable.filter { places.sets[$0].contains(sample) }.sorted()
            if !target.isEmpty { table[state * classCount + number] = self.state(for: target) }
        }
    }

    private mutating func state(for members: [Int]) -> UInt16 {
        if let known = numbers[members] { return known }
        let number = UInt16(numbers.count + 2)
        numbers[members] = number
        waiting.append(members)
        table += [UInt16](repeating: 0, count: classCount)
        accepts.append(members.contains { places.whole.last.contains($0) })
        return number
    }
}
