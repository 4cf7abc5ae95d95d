/// How a model is asked to answer. A backend that cannot do it says so; it does not guess.
public struct SamplingHints: Hashable, Sendable {
    /// From 0 to 2, or nil to send none: some models take none.
    public let temperature: Double?
    public let maximumOutputTokens: Int
    public let reasoningEffort: ReasoningEffort?

    public init(
        temperature: Double?, maximumOutputTokens: Int, reasoningEffort: ReasoningEffort? = nil
    ) {
        self.temperature = temperature
        self.maximumOutputTokens = maximumOutputTokens
        self.reasoningEffort = reasoningEffort
    }
}

public enum ReasoningEffort: String, Codable, Hashable, Sendable, CaseIterable {
    case none, minimal, low, medium, high
}

/// What the front matter of a prompt says.
struct PromptHeader {
    let version: Int
    /// Nil for a follow-up, which takes both from the prompt that it follows.
    let reply: (schemaFile: String, sampling: SamplingHints)?

    static let followUpKeys = ["role", "inquiry", "version"]
    static let openingKeys =
        followUpKeys + ["schema", "temperature", "max-output-tokens", "reasoning-effort"]

    /// - Parameters:
    ///   - folder: of the file, which is its inquiry's name.
    ///   - stem: the file's name without ".md", which is its role.
    init(
        _ front: FrontMatter, folder: String, stem: String, isFollowUp: Bool
    ) throws(PromptError) {
        _ = try front.value("role", "\"\(stem)\", as the file is called") {
            $0 == stem ? $0 : nil
        }
        _ = try front.value("inquiry", "\"\(folder)\", as the folder is called") {
            $0 == folder ? $0 : nil
        }
        version = try Self.version(front)
        if isFollowUp {
            reply = nil
            return
        }
        let schemaFile = "\(stem).schema.json"
        let file = try front.value("schema", "\"\(schemaFile)\"") { $0 == schemaFile ? $0 : nil }
        reply = (file, try Self.sampling(front))
    }

    static func version(_ front: FrontMatter) throws(PromptError) -> Int {
        try front.value("version", "a whole number from 1") {
            Int($0).flatMap { $0 >= 1 ? $0 : nil }
        }
    }

    private static func sampling(_ front: FrontMatter) throws(PromptError) -> SamplingHints {
        let temperature: Double? = try front.value(
            "temperature", "a number from 0 to 2, or \"unset\" to send none"
        ) { text -> Double?? in
            if text == "unset" { return .some(nil) }
            guard let number = Double(text), (0...2).contains(number) else { return nil }
            return number
        }
        let tokens = try front.value("max-output-tokens", "a whole number from 1 to 1000000") {
            Int($0).flatMap { (1...1_000_000).contains($0) ? $0 : nil }
        }
        guard front.has("reasoning-effort") else {
            return SamplingHints(temperature: temperature, maximumOutputTokens: tokens)
        }
        let names = PromptError.list(ReasoningEffort.allCases.map(\.rawValue))
        let effort = try front.value(
            "reasoning-effort", "one of \(names)", ReasoningEffort.init(rawValue:))
        return SamplingHints(
            temperature: temperature, maximumOutputTokens: tokens, reasoningEffort: effort)
    }
}

/// The two sections of a prompt's text. A line that is `# system` or `# user` and nothing else
/// starts one; all other headings are text.
struct PromptSections {
    struct Section {
        let text: String
        let line: Int
    }

    let system: Section?
    let user: Section

    init(_ front: FrontMatter, file: String, isFollowUp: Bool) throws(PromptError) {
        let wanted = isFollowUp ? ["# user"] : ["# system", "# user"]
        var found: [(title: String, line: Int, lines: [Substring])] = []
        let lines = front.body.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, bytes) in lines.enumerated() {
            let line = Substring(bytes)
            let place = PromptPlace(file: file, line: front.bodyLine + index)
            if line == "# system" || line == "# user" {
                guard found.count < wanted.count, wanted[found.count] == line else {
                    throw .form(
                        place,
                        reason: "\"\(line)\" does not belong here; the sections are "
                            + "\(PromptError.list(wanted)), each once and in this order")
                }
                found.append((String(line), place.line + 1, []))
            } else if !found.isEmpty {
                found[found.count - 1].lines.append(line)
            } else if !line.allSatisfy(\.isWhitespace) {
                throw .form(
                    place, reason: "text before the first section; start it with \"\(wanted[0])\"")
            }
        }
        guard let last = found.last, found.count == wanted.count else {
            throw .form(
                PromptPlace(file: file, line: front.bodyLine),
                reason:
                    "lacks the section \"\(wanted[found.count])\"; write it on a line of its own")
        }
        user = Self.section(last.lines, line: last.line)
        system = isFollowUp ? nil : Self.section(found[0].lines, line: found[0].line)
    }

    /// Without the blank lines at its ends; with a line end after its last line.
    static func section(_ lines: [Substring], line: Int) -> Section {
        let blank = lines.prefix { $0.allSatisfy(\.isWhitespace) }.count
        var rest = lines.dropFirst(blank)
        while let last = rest.last, last.allSatisfy(\.isWhitespace) { rest.removeLast() }
        return Section(
            text: rest.map { $0 + "\n" }.joined(), line: line + blank)
    }
}
