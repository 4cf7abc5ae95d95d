/// A small, safe language for features of a text, evaluated in process.
///
///     share(lexicon(hedges)) * 100
///     if sentences > 3 then first(50, words("love", "disappoint*")) else 0
///     log1p(matches(/\$\d+/)) + count("!!")
///
/// An expression is total and bounded: no loops, no names of its own, no state; it costs time
/// linear in the text's length; division by zero, the logarithm or root of a number that has none,
/// and a mean of nothing make its value missing. Comparisons give 1 or 0. See ``guide``.
public struct TextExpression: Hashable, Sendable {
    /// Raised when the language, a lexicon or a named pattern gives other values than before.
    public static let edition = 1

    let root: ExpressionNode

    static let sourceLimit = 16_384
    static let depthLimit = 48
    /// Levels of the parser: an operand in parentheses takes two.
    static let nestingLimit = 128
    static let nodeLimit = 256
    static let listLimit = 1_000

    /// Reads an expression.
    ///
    /// - Throws: ``ToolError/expression(source:offset:reason:)``.
    public init(_ source: String) throws(ToolError) {
        guard source.utf8.count <= Self.sourceLimit else {
            throw .expression(
                source: source, offset: 0,
                reason:
                    "it has \(source.utf8.count) bytes, and at most \(Self.sourceLimit) are allowed"
            )
        }
        var parser = try ExpressionParser(source)
        root = try parser.expression()
    }

    init(root: ExpressionNode) {
        self.root = root
    }

    /// Reads an expression; the same as ``init(_:)``.
    public static func parse(_ source: String) throws(ToolError) -> TextExpression {
        try TextExpression(source)
    }

    /// How much there is to understand: nodes, and the binary logarithm of each list's length.
    public var complexity: Int { root.complexity }

    /// The value for one text. For many texts or expressions use ``ExpressionBatch``.
    public func value(of text: String) -> ToolValue {
        ExpressionBatch([self]).values(of: text)[0]
    }
}

extension TextExpression {
    /// What the built-in lexicons and patterns that the expression names hold.
    var dependencies: [String] {
        Set(root.sources).compactMap { source in
            switch source {
            case .lexicon(let name):
                Lexicon.named(name).map { "\(name): \($0.entries.joined(separator: ", "))" }
            case .named(let name):
                NamedPatterns.shipped.entry(name).map { "\(name): /\($0.source)/" }
            case .words, .literals, .pattern: nil
            }
        }.sorted()
    }
}

extension ExpressionNode {
    /// The sources of hits that the expression names.
    var sources: [HitSource] {
        switch self {
        case .hits(let source), .position(let source): [source]
        default: children.flatMap(\.sources)
        }
    }

    var children: [ExpressionNode] {
        switch self {
        case .number, .fact, .hits, .position, .starts, .ends: []
        case .negate(let node), .not(let node), .share(let node), .window(_, let node): [node]
        case .binary(_, let a, let b): [a, b]
        case .call(_, let nodes): nodes
        case .choice(let condition, let then, let otherwise): [condition, then, otherwise]
        }
    }

    var complexity: Int { 1 + listCost + children.reduce(0) { $0 + $1.complexity } }

    private var listCost: Int {
        switch self {
        case .hits(.words(let list)), .position(.words(let list)), .hits(.literals(let list)),
            .position(.literals(let list)), .starts(let list), .ends(let list):
            list.count.bitWidth - list.count.leadingZeroBitCount - 1
        default: 0
        }
    }

    var nodeCount: Int { 1 + children.reduce(0) { $0 + $1.nodeCount } }

    var depth: Int { 1 + (children.map(\.depth).max() ?? 0) }
}
