import Digests

/// How a feature of a text is computed: a name, a recipe, and examples that it must meet.
///
/// The module holds the recipes and carries out those that need no language model: expressions in
/// process, Python in a sandbox. It knows neither targets nor labels. Read first: this type,
/// ``TextExpression``, ``Sandbox``, ``ToolCheck``, ``ToolCatalogue``.
public struct FeatureTool: Hashable, Sendable {
    /// Small letters, digits and hyphens, 60 at most, unique within a catalogue.
    public let name: String
    /// What the feature is, in a few plain words.
    public let title: String
    public let kind: Kind
    public let examples: [UnitExample]
    /// From 1; a repaired or refined tool has the next number and names its parent.
    public let version: Int
    /// The hash of the tool that this one was made from.
    public let parent: Digest?

    public enum Kind: Hashable, Sendable {
        /// The text of a ``TextExpression``.
        case expression(String)
        /// Python source that defines `feature(text: str) -> float`.
        case python(String)
        /// A question that a language model answers about a text.
        case prompt(PromptRubric)
    }

    /// - Throws: ``ToolError`` for a bad name, title, recipe, example or version. An expression is
    ///   parsed; Python is only bounded here, as only running it tells whether it works.
    public init(
        name: String, title: String, kind: Kind, examples: [UnitExample] = [], version: Int = 1,
        parent: Digest? = nil
    ) throws(ToolError) {
        self.name = name
        self.title = title
        self.kind = kind
        self.examples = examples
        self.version = version
        self.parent = parent
        try validate()
    }

    /// Names all that changes a value: the recipe, and the edition of the language or runner that
    /// carries it out. Name, title, examples and lineage change none.
    public var hash: Digest {
        switch kind {
        case .expression(let source):
            SHA256.digest(of: "expression \(TextExpression.edition)\n" + Self.canonical(source))
        case .python(let source): SHA256.digest(of: "python \(Sandbox.edition)\n" + source)
        case .prompt(let rubric):
            SHA256.digest(of: "prompt \(PromptRubric.edition)\n" + rubric.json.canonicalText)
        }
    }

    /// The same expression however it is spaced, and the lists that it names.
    private static func canonical(_ source: String) -> String {
        guard let expression = try? TextExpression(source) else { return source }
        return ([expression.description] + expression.dependencies).joined(separator: "\n")
    }

    static let titleLimit = 200
    static let exampleLimit = 50
    static let pythonLimit = 20_000

    private func validate() throws(ToolError) {
        guard Self.isName(name) else { throw .name(name) }
        try Self.require(!title.isEmpty && title.count <= Self.titleLimit, name) {
            "its title has \(title.count) characters, and 1 to \(Self.titleLimit) are allowed"
        }
        try Self.require(version >= 1, name) { "its version is \(version); count from 1" }
        try Self.require(examples.count <= Self.exampleLimit, name) {
            "it has \(examples.count) examples, and at most \(Self.exampleLimit) are allowed"
        }
        switch kind {
        case .expression(let source): _ = try TextExpression(source)
        case .python(let source):
            try Self.require(!source.isEmpty && source.utf8.count <= Self.pythonLimit, name) {
                "its source has \(source.utf8.count) bytes; 1 to \(Self.pythonLimit) are allowed"
            }
        case .prompt: break
        }
    }

    private static func require(
        _ condition: Bool, _ name: String, reason: () -> String
    ) throws(ToolError) {
        if !condition { throw .tool(name: name, reason: reason()) }
    }

    static func isName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 60 else {
            return false
        }
        let hyphen = UInt8(ascii: "-")
        return first != hyphen && last != hyphen && !name.contains("--")
            && bytes.allSatisfy { byte in
                byte == hyphen || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
                    || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            }
    }
}
