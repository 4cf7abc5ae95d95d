import LinearAlgebra
import Testing

@testable import Tools

@Suite struct PatternTests {
    private func matches(_ source: String, _ text: String) throws -> [String] {
        let pattern = try Pattern(source)
        let scalars = TextScalars(text)
        let characters = Array(text.unicodeScalars)
        var found: [String] = []
        scalars.symbols.withUnsafeBufferPointer { symbols in
            pattern.matches(symbols, in: 0..<symbols.count) { range in
                found.append(String(String.UnicodeScalarView(characters[range])))
            }
        }
        return found
    }

    @Test(arguments: [
        (#"\d+(\.\d+)?"#, "1.5 and 20.", ["1.5", "20"]), ("[A-Z]{2,}", "AB C DEF", ["AB", "DEF"]),
        (#"\bgo\w*\b"#, "gone ago go", ["gone", "go"]), ("a|ab|abc", "abcd", ["abc"]),
        (#"^- .+$"#, "- a\n -b\n- c", ["- a", "- c"]), ("(?i)wow+", "WOWWW wo", ["WOWWW"]),
        (#"[^\s]+@\w+"#, "me@here, you", ["me@here"]), ("é+", "é", []), (#"\W+"#, "a, b", [", "]),
        ("x{2,3}", "xxxxxxx", ["xxx", "xxx"]), (#""[^"]+""#, "“so” \"it\"", ["“so”", "\"it\""]),
        (#"[\]a-]+"#, "]a-b", ["]a-"]), (#"\$$"#, "a$\n$b$", ["$", "$"]),
    ])
    func finds(source: String, text: String, expected: [String]) throws {
        guard source != "é+" else {
            #expect(throws: PatternFault.self) { try Pattern(source) }
            return
        }
        #expect(try matches(source, text) == expected)
    }

    @Test func everyNamedPatternIsRead() throws {
        for entry in NamedPatterns.shipped.entries { _ = try Pattern(entry.source) }
        #expect(NamedPatterns.shipped.entries.count >= 15)
    }

    /// The plain slow twin: the set of ends that a tree allows from a place.
    private func ends(_ node: PatternNode, _ text: [UInt8], _ start: Int) -> Set<Int> {
        switch node {
        case .empty: return [start]
        case .set(let set):
            return start < text.count && set.contains(text[start]) ? [start + 1] : []
        case .sequence(let nodes):
            return nodes.reduce([start]) { places, node in
                places.reduce(into: []) { $0.formUnion(ends(node, text, $1)) }
            }
        case .choice(let nodes):
            return nodes.reduce(into: []) { $0.formUnion(ends($1, text, start)) }
        case .repetition(let node, let least, let most):
            var (reached, result): (Set<Int>, Set<Int>) = ([start], least == 0 ? [start] : [])
            for k in 1...max(most ?? text.count + least + 1, 1) {
                reached = reached.reduce(into: []) { $0.formUnion(ends(node, text, $1)) }
                if k >= least { result.formUnion(reached) }
                if reached.isEmpty { break }
            }
            return result
        }
    }

    private func randomSource(_ generator: inout SeededGenerator, depth: Int) -> String {
        guard depth > 0 else { return ["a", "b", "[ab]", "c", "."][generator.below(5)] }
        let a = randomSource(&generator, depth: depth - 1)
        let b = randomSource(&generator, depth: depth - 1)
        return switch generator.below(7) {
        case 0: "(\(a)|\(b))"
        case 1: "(\(a))*"
        case 2: "(\(a))+"
        case 3: "(\(a))?\(b)"
        case 4: "(\(a)){1,2}"
        case 5: "(\(a)){2,}"
        default: a + b
        }
    }

    @Test(arguments: UInt64(0)..<400) func agreesWithSlowTwin(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let source = randomSource(&generator, depth: 3)
        guard let pattern = try? Pattern(source) else { return }
        var parser = PatternParser(source)
        let tree = try parser.parse().node
        for _ in 0..<20 {
            let text = (0..<generator.below(12)).map { _ in UInt8(97 + generator.below(4)) }
            var (expected, i): ([Range<Int>], Int) = ([], 0)
            while i < text.count {
                let end = ends(tree, text, i).max() ?? i
                if end > i { expected.append(i..<end) }
                i = max(i + 1, end)
            }
            var found: [Range<Int>] = []
            text.withUnsafeBufferPointer { text in
                pattern.matches(text, in: 0..<text.count) { found.append($0) }
            }
            #expect(found == expected, "/\(source)/ in \(String(decoding: text, as: UTF8.self))")
        }
    }
}
