import Texts

/// Reads the plain forms in which SAGE's roles answer. Replies are untrusted: what is read of one is
/// bounded, and what is in no form is nil, never a guess.
enum SageReply {
    /// Bytes of a reply that are read.
    static let byteLimit = 65_536
    /// Characters kept of a hypothesis, a label or a description.
    static let textLimit = 2_000
    static let labelLimit = 16

    /// A test as a designer asks for it.
    struct Design: Hashable {
        let hypothesis: String
        let text: String
        let expected: String
    }

    /// What an updater decides.
    struct Update: Hashable {
        let status: SageStatus
        /// What the hypothesis is to say instead.
        let refined: String?
    }

    /// One test that a reviewer asks for.
    struct Request: Hashable {
        let hypothesis: Int
        let text: String
    }

    /// The texts after `Hypothesis_1:` and so on, in order, each number once.
    static func hypotheses(in reply: String, most: Int) -> [String] {
        var found: [Int: String] = [:]
        for line in lines(of: reply) {
            guard let rest = line.dropping("Hypothesis_"),
                let colon = rest.firstIndex(of: ":"), let number = Int(rest[..<colon]),
                (1...most).contains(number), found[number] == nil
            else { continue }
            let text = clipped(rest[rest.index(after: colon)...])
            if !text.isEmpty { found[number] = text }
        }
        return found.sorted { $0.key < $1.key }.map(\.value)
    }

    /// The designer's three lines.
    ///
    /// - Parameter limit: the longest text that is run, in characters.
    static func design(in reply: String, limit: Int) -> Design? {
        let lines = lines(of: reply)
        let tools = lines.compactMap { $0.dropping("[TOOL]") }
        guard tools.count == 1, let call = tools[0].dropping("model.run"),
            let argument = call.dropping("prompt="), let text = quoted(argument),
            text.count < limit,
            let hypothesis = lines.lazy.compactMap({ $0.dropping("TESTING HYPOTHESIS:") }).first,
            let expected = lines.lazy.compactMap({ $0.dropping("EXPECTED:") }).first
        else { return nil }
        return Design(
            hypothesis: clipped(hypothesis), text: text, expected: String(expected.prefix(200)))
    }

    /// Whether an analyst kept to its form; nothing else of its reply is used.
    static func isAnalysis(_ reply: String) -> Bool {
        let lines = lines(of: reply)
        return ["ANALYSIS:", "INTERPRETATION:", "UPDATED HYPOTHESIS STATUS:"].allSatisfy { head in
            lines.contains { $0.dropping(head) != nil }
        }
    }

    static func update(in reply: String) -> Update? {
        let lines = lines(of: reply)
        guard
            let word = lines.lazy.compactMap({ $0.dropping("UPDATED HYPOTHESIS STATUS:") }).first?
                .prefix(while: \.isLetter),
            let status = SageStatus(rawValue: word.uppercased()), status != .pending
        else { return nil }
        let refined = lines.lazy.compactMap { $0.dropping("REFINED HYPOTHESIS:") }.first
            .map(clipped).flatMap { $0.isEmpty ? nil : $0 }
        guard status != .refined || refined != nil else { return nil }
        return Update(status: status, refined: status == .refined ? refined : nil)
    }

    /// What a reviewer asks for; nothing when more testing is not needed.
    ///
    /// - Parameters:
    ///   - most: tests that are taken for each hypothesis.
    ///   - limit: as for a designer's.
    static func review(in reply: String, most: Int, limit: Int) -> [Request]? {
        let lines = lines(of: reply)
        guard
            let answer = lines.lazy.compactMap({ $0.dropping("MORE TESTING:") }).first?
                .prefix(while: \.isLetter).uppercased(), ["YES", "NO"].contains(answer)
        else { return nil }
        guard answer == "YES" else { return [] }
        var counts: [Int: Int] = [:]
        var tests: [Request] = []
        for line in lines {
            guard let rest = line.dropping("- H"), let colon = rest.firstIndex(of: ":"),
                let number = Int(rest[..<colon]), (1...16).contains(number),
                counts[number, default: 0] < most,
                let text = quoted(rest[rest.index(after: colon)...]), text.count < limit
            else { continue }
            counts[number, default: 0] += 1
            tests.append(Request(hypothesis: number, text: text))
        }
        return tests
    }

    static func conclusion(in reply: String) -> SageConclusion? {
        var parts: [(head: String, body: String)] = []
        for line in lines(of: reply) {
            if line.first == "[", let close = line.firstIndex(of: "]"),
                let rest = line[line.index(after: close)...].dropping(":")
            {
                let head = line[line.index(after: line.startIndex)..<close]
                parts.append((head.uppercased(), String(rest)))
            } else if !parts.isEmpty, !line.isEmpty {
                parts[parts.count - 1].body += "\n" + line
            }
        }
        guard let description = parts.first(where: { $0.head == "DESCRIPTION" }),
            !description.body.allSatisfy(\.isWhitespace)
        else { return nil }
        return SageConclusion(
            description: clipped(description.body),
            evidence: clipped(parts.first { $0.head == "EVIDENCE" }?.body ?? ""),
            labels: parts.filter { $0.head.hasPrefix("LABEL") }.prefix(labelLimit)
                .map { clipped($0.body) })
    }

    /// The last code span of a text that is a formula of our rule language.
    static func formula(in text: String) -> TextRule? {
        let marks = text.prefix(textLimit).indices.filter { text[$0] == "`" }
        for end in marks.indices.reversed().prefix(8) {
            for start in marks[..<end].reversed().prefix(8) {
                let span = text[text.index(after: start)..<marks[end]]
                if let rule = try? TextRule.parse(String(span)) { return rule }
            }
        }
        return nil
    }
}

extension SageReply {
    /// Trimmed lines of the part of a reply that is read, without what Markdown puts round words.
    private static func lines(of reply: String) -> [Substring] {
        let part = String(decoding: reply.utf8.prefix(byteLimit), as: UTF8.self)
        return part.split(whereSeparator: \.isNewline).map { line in
            line.trimmed.trimmed { $0 == "*" || $0 == "#" }.trimmed
        }
    }

    /// What stands between the first quotation mark and the last of the same kind.
    private static func quoted(_ text: Substring) -> String? {
        guard let start = text.firstIndex(where: { $0 == "'" || $0 == "\"" }),
            let end = text.lastIndex(of: text[start]), start < end
        else { return nil }
        let inside = text[text.index(after: start)..<end]
        return inside.allSatisfy(\.isWhitespace) ? nil : String(inside)
    }

    private static func clipped(_ text: some StringProtocol) -> String {
        String(Substring(text).trimmed.prefix(textLimit))
    }
}

extension Substring {
    fileprivate var trimmed: Substring { trimmed(\.isWhitespace) }

    fileprivate func trimmed(_ condition: (Character) -> Bool) -> Substring {
        var rest = self[...]
        while let first = rest.first, condition(first) { rest.removeFirst() }
        while let last = rest.last, condition(last) { rest.removeLast() }
        return rest
    }

    /// What follows a head at its start, whatever its letter case, trimmed.
    fileprivate func dropping(_ head: String) -> Substring? {
        guard count >= head.count, prefix(head.count).lowercased() == head.lowercased() else {
            return nil
        }
        return dropFirst(head.count).trimmed
    }
}
