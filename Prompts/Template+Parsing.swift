extension Template {
    /// - Parameters:
    ///   - text: lines that end with "\n"; the first is line `line` of `file`.
    ///   - parts: what may be included, by path.
    /// - Throws: ``PromptError/template(_:_:)``.
    init(
        parsing text: String, file: String, line: Int = 1, parts: [String: Template] = [:]
    ) throws(PromptError) {
        var parser = TemplateParser(parts: parts)
        var number = line
        for bytes in text.utf8.split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        {
            let place = PromptPlace(file: file, line: number)
            let isLast = bytes.endIndex == text.utf8.endIndex
            try parser.read(Array(bytes) + (isLast ? [] : [UInt8(ascii: "\n")]), at: place)
            number += 1
        }
        self = try parser.finish()
    }
}

/// Reads a template line by line; open blocks are a stack.
private struct TemplateParser {
    let parts: [String: Template]
    private var open: [Block] = []
    private var nodes: [Template.Node] = []
    private var included: [String] = []

    init(parts: [String: Template]) { self.parts = parts }

    private struct Block {
        let tag: String
        let name: String
        let place: PromptPlace
        /// What came before the block.
        let before: [Template.Node]
        /// The first branch, once `{{else}}` has been read.
        var then: [Template.Node]?

        var isChoice: Bool { tag == "if" }
    }

    mutating func read(_ line: [UInt8], at place: PromptPlace) throws(PromptError) {
        let pieces = try TemplateScanner(line, at: place).pieces()
        if let lone = TemplateScanner.lone(pieces), !Self.isPlain(lone) {
            return try readTag(lone, alone: true, at: place)
        }
        for piece in pieces {
            switch piece {
            case .text(let text): append(text)
            case .tag(let tag): try readTag(tag, alone: false, at: place)
            }
        }
    }

    mutating func finish() throws(PromptError) -> Template {
        if let block = open.last {
            throw .template(block.place, .unclosedBlock(tag: block.tag, name: block.name))
        }
        return Template(nodes: nodes, parts: included)
    }

    private static func isPlain(_ tag: String) -> Bool {
        isName(Substring(tag)) && tag != "else"
    }

    private mutating func append(_ text: String) {
        if case .text(let before)? = nodes.last {
            nodes[nodes.count - 1] = .text(before + text)
        } else {
            nodes.append(.text(text))
        }
    }

    private mutating func readTag(
        _ tag: String, alone: Bool, at place: PromptPlace
    ) throws(PromptError) {
        if tag.hasPrefix("!") { return }
        let words = tag.split(separator: " ", omittingEmptySubsequences: true)
        switch (words.first, words.count) {
        case ("#each", 2), ("#if", 2):
            open.append(
                Block(
                    tag: String(words[0].dropFirst()), name: try name(words[1], place),
                    place: place, before: nodes))
            nodes = []
        case ("else", 1): try readElse(at: place)
        case ("/each", 1), ("/if", 1): try close(String(words[0].dropFirst()), at: place)
        case ("omit", 2): nodes.append(.omitted(name: try name(words[1], place), place))
        case ("fenced", 2), ("fenced", 3):
            guard alone else { throw .template(place, .notAlone(tag)) }
            let limit = words.count == 3 ? try limit(words[2], place) : .standard
            nodes.append(.fenced(name: try name(words[1], place), limit, place))
        case ("include", 2):
            guard alone else { throw .template(place, .notAlone(tag)) }
            try include(String(words[1]), at: place)
        case (let word?, 1): nodes.append(.hole(name: try name(word, place), place))
        default: throw .template(place, .unknownTag(tag))
        }
    }

    private mutating func readElse(at place: PromptPlace) throws(PromptError) {
        guard let block = open.last, block.isChoice, block.then == nil else {
            throw .template(place, .strayElse)
        }
        open[open.count - 1].then = nodes
        nodes = []
    }

    private mutating func close(_ tag: String, at place: PromptPlace) throws(PromptError) {
        guard let block = open.last, block.tag == tag else {
            let awaited = open.last.map { "{{/\($0.tag)}} of \($0.place)" }
            throw .template(place, .strayEnd(tag: tag, awaited: awaited))
        }
        open.removeLast()
        let node: Template.Node =
            if block.isChoice {
                .choice(
                    name: block.name, then: block.then ?? nodes,
                    otherwise: block.then == nil ? [] : nodes, block.place)
            } else {
                .each(name: block.name, nodes, block.place)
            }
        nodes = block.before + [node]
    }

    private mutating func include(_ path: String, at place: PromptPlace) throws(PromptError) {
        guard let part = parts[path] else {
            throw .template(place, .unknownPart(path, known: parts.keys.sorted()))
        }
        if !included.contains(path) { included.append(path) }
        for node in part.nodes {
            if case .text(let text) = node { append(text) } else { nodes.append(node) }
        }
    }

    private func name(_ word: Substring, _ place: PromptPlace) throws(PromptError) -> String {
        guard Self.isName(word), !Self.reserved.contains(String(word)) else {
            throw .template(place, .badName(String(word)))
        }
        return String(word)
    }

    private func limit(_ word: Substring, _ place: PromptPlace) throws(PromptError) -> FenceLimit {
        let halves = word.split(separator: "=", omittingEmptySubsequences: false)
        guard halves.count == 2, halves[0] == "limit" || halves[0] == "cut",
            let count = Int(halves[1]), FenceLimit.allowed.contains(count)
        else { throw .template(place, .badLimit(String(word))) }
        return FenceLimit(count: count, cuts: halves[0] == "cut")
    }

    private static let reserved: Set<String> = ["else", "fenced", "include", "omit"]

    /// A small letter, then small letters, digits and underscores.
    private static func isName(_ word: Substring) -> Bool {
        guard let first = word.utf8.first, (0x61...0x7A).contains(first) else { return false }
        return word.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
        }
    }
}
