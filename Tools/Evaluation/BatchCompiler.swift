/// Turns expressions into programs over shared parts: a source that several expressions name is
/// searched for once.
struct BatchCompiler {
    private var windows: [TextWindow?] = [nil]
    private var sources: [[HitSource]] = [[]]
    private var numbers: [[HitSource: Int]] = [[:]]
    private var facts: [Set<TextFact>] = [[]]
    private(set) var programs: [Program] = []

    init(_ expressions: [TextExpression]) {
        for expression in expressions {
            var program = Program()
            add(expression.root, part: 0, to: &program)
            programs.append(program)
        }
    }

    var parts: [BatchPart] {
        windows.indices.map {
            BatchPart(window: windows[$0], sources: sources[$0], facts: facts[$0])
        }
    }

    private mutating func add(_ node: ExpressionNode, part: Int, to program: inout Program) {
        if case .window(let window, let child) = node {
            add(child, part: index(of: window), to: &program)
            return
        }
        for child in node.children { add(child, part: part, to: &program) }
        switch node {
        case .number(let value): program.steps.append(.number(value))
        case .fact(let fact):
            facts[part].insert(fact)
            program.steps.append(.fact(part: part, fact))
        case .hits(let source):
            program.steps.append(.hits(part: part, source: index(of: source, part)))
        case .position(let source):
            program.steps.append(.position(part: part, source: index(of: source, part)))
        case .starts(let list):
            program.steps.append(.starts(part: part, list.map(WordList.folded)))
        case .ends(let list): program.steps.append(.ends(part: part, list.map(WordList.folded)))
        case .negate: program.steps.append(.negate)
        case .not: program.steps.append(.not)
        case .binary(let sign, _, _): program.steps.append(.binary(sign))
        case .call(let function, let nodes):
            program.steps.append(.call(function, count: nodes.count))
        case .choice: program.steps.append(.choice)
        case .share: program.steps.append(.share(part: part))
        case .window: break
        }
    }

    private mutating func index(of window: TextWindow) -> Int {
        if let known = windows.firstIndex(of: window) { return known }
        windows.append(window)
        sources.append([])
        numbers.append([:])
        facts.append([])
        return windows.count - 1
    }

    private mutating func index(of source: HitSource, _ part: Int) -> Int {
        if let known = numbers[part][source] { return known }
        numbers[part][source] = sources[part].count
        sources[part].append(source)
        return sources[part].count - 1
    }
}
