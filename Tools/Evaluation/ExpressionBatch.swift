import Dispatch

/// Several expressions evaluated together: each text is read once, each lexicon looked up once.
///
/// - Complexity: linear in the text's length; the factor is bounded by the expressions' size.
public struct ExpressionBatch: Sendable {
    private let programs: [Program]
    private let parts: [BatchPart]

    public init(_ expressions: [TextExpression]) {
        let compiler = BatchCompiler(expressions)
        programs = compiler.programs
        parts = compiler.parts
    }

    public var count: Int { programs.count }

    /// The expressions' values for one text, in their order.
    public func values(of text: String) -> [ToolValue] {
        var values: [Double] = []
        var evaluator = Evaluator(programs: programs, parts: parts)
        evaluator.evaluate(text) { values.append($0) }
        return values.map(ToolValue.init(expression:))
    }

    /// The values for many texts, one column for each expression; not a number where missing.
    ///
    /// Uses all processors; the values do not depend on how the work is dealt out.
    public func columns(of texts: [String]) -> [[Double]] {
        let rows = rows(of: texts)
        return (0..<count).map { column in
            var values = [Double](repeating: .nan, count: texts.count)
            for row in 0..<texts.count { values[row] = rows[row * count + column] }
            return values
        }
    }

    private func rows(of texts: [String]) -> [Double] {
        let width = count
        guard width > 0, !texts.isEmpty else { return [] }
        let chunk = max(1, min(256, texts.count / 8))
        let chunkCount = (texts.count + chunk - 1) / chunk
        return [Double](unsafeUninitializedCapacity: texts.count * width) { buffer, filled in
            buffer.initialize(repeating: .nan)
            nonisolated(unsafe) let buffer = buffer
            DispatchQueue.concurrentPerform(iterations: chunkCount) { index in
                var evaluator = Evaluator(programs: programs, parts: parts)
                for row in index * chunk..<min(texts.count, (index + 1) * chunk) {
                    var column = 0
                    evaluator.evaluate(texts[row]) { value in
                        buffer[row * width + column] = value
                        column += 1
                    }
                }
            }
            filled = texts.count * width
        }
    }

    /// The stretches of a text's scalars that counted in some part.
    func marks(in text: String) -> (TextScalars, [BatchPart]) {
        var evaluator = Evaluator(programs: programs, parts: parts)
        evaluator.keepMarks()
        evaluator.evaluate(text) { _ in }
        return (evaluator.text, evaluator.parts)
    }
}

/// The buffers that evaluating a text needs, reused from text to text.
private struct Evaluator {
    let programs: [Program]
    var parts: [BatchPart]
    var text = TextScalars()
    private var stack: [Double] = []

    init(programs: [Program], parts: [BatchPart]) {
        self.programs = programs
        self.parts = parts
    }

    mutating func keepMarks() {
        for i in parts.indices { parts[i].hits.marks = [] }
    }

    mutating func evaluate(_ string: String, value: (Double) -> Void) {
        text.read(string)
        for i in parts.indices {
            let range = parts[i].window.map { parts[0].reading.range(of: $0) } ?? 0..<text.count
            parts[i].read(text, in: range)
        }
        for program in programs { value(program.run(text, parts, &stack)) }
    }
}
