extension TextExpression {
    /// The stretches of a text that the expression counted, in order and apart from each other:
    /// hits of its lists and patterns, and the words or characters of facts that pick out some
    /// (capitals, digits, long words …). A fact of the whole text, such as its length, marks none.
    ///
    /// - Complexity: O(n log n).
    public func evidence(in text: String) -> [Range<String.Index>] {
        let (scalars, parts) = ExpressionBatch([self]).marks(in: text)
        var marks = parts.flatMap { $0.hits.marks ?? [] }
        for (window, fact) in root.facts(window: nil) {
            guard let part = parts.first(where: { $0.window == window }) else { continue }
            marks += part.marks(of: fact, in: scalars)
        }
        var text = text
        text.makeContiguousUTF8()
        return Self.merged(marks).map { mark in
            let start = text.utf8.index(text.startIndex, offsetBy: scalars.offsets[mark.lowerBound])
            let length = scalars.offsets[mark.upperBound] - scalars.offsets[mark.lowerBound]
            return start..<text.utf8.index(start, offsetBy: length)
        }
    }

    private static func merged(_ marks: [Range<Int>]) -> [Range<Int>] {
        var merged: [Range<Int>] = []
        for mark in marks.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, mark.lowerBound <= last.upperBound {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, mark.upperBound)
            } else {
                merged.append(mark)
            }
        }
        return merged
    }
}

extension ExpressionNode {
    /// The facts that the expression names, each with the window it is taken in.
    func facts(window: TextWindow?) -> [(TextWindow?, TextFact)] {
        switch self {
        case .fact(let fact): [(window, fact)]
        case .window(let inner, let node): node.facts(window: inner)
        default: children.flatMap { $0.facts(window: window) }
        }
    }
}

extension BatchPart {
    /// The stretches that a fact counts, when it counts some and not all.
    func marks(of fact: TextFact, in text: TextScalars) -> [Range<Int>] {
        switch fact {
        case .capitals: characters(text) { Symbol.kinds[Int($0)].contains(.capital) }
        case .digits: characters(text) { Symbol.kinds[Int($0)].contains(.digit) }
        case .symbols: characters(text) { Symbol.kinds[Int($0)] == .other }
        case .exclamations: characters(text) { $0 == UInt8(ascii: "!") }
        case .questions: characters(text) { $0 == UInt8(ascii: "?") }
        case .commas: characters(text) { $0 == UInt8(ascii: ",") }
        case .longWords: words { $0.end - $0.start >= 7 }
        case .numbers:
            words { word in
                text.symbols[word.start..<word.end].contains {
                    Symbol.kinds[Int($0)].contains(.digit)
                }
            }
        case .capitalWords:
            words { word in
                word.end - word.start > 1
                    && text.symbols[word.start..<word.end].allSatisfy {
                        Symbol.kinds[Int($0)].contains(.capital) || $0 == UInt8(ascii: "'")
                    }
            }
        case .complexWords:
            text.folded.withUnsafeBufferPointer { folded in
                words { Syllables.count(folded[$0.start..<$0.end]) >= 3 }
            }
        default: []
        }
    }

    private func characters(_ text: TextScalars, where counts: (UInt8) -> Bool) -> [Range<Int>] {
        reading.range.filter { counts(text.symbols[$0]) }.map { $0..<$0 + 1 }
    }

    private func words(where counts: (WordSpan) -> Bool) -> [Range<Int>] {
        reading.words.filter(counts).map { $0.start..<$0.end }
    }
}
