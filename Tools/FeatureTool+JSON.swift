import Digests
import JSON

extension FeatureTool {
    /// The definition as JSON: what is stored and shown.
    public var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init(name: "name", value: .string(name)), .init(name: "title", value: .string(title)),
        ]
        switch kind {
        case .expression(let source):
            members.append(.init(name: "expression", value: .string(source)))
        case .python(let source): members.append(.init(name: "python", value: .string(source)))
        case .prompt(let rubric): members.append(.init(name: "prompt", value: rubric.json))
        }
        members.append(.init(name: "examples", value: .array(examples.map(\.json))))
        members.append(.init(name: "version", value: .integer(version)))
        if let parent { members.append(.init(name: "parent", value: .string(parent.hex))) }
        return .object(members)
    }

    /// Reads a definition strictly: a member that is not known is an error.
    ///
    /// - Parameter place: named in errors, such as a file.
    public init(_ json: JSONValue, place: String) throws(ToolError) {
        let fields = try ToolFields(
            json, place: place,
            known: [
                "name", "title", "expression", "python", "prompt", "examples", "version", "parent",
            ])
        var kinds: [Kind] = []
        if json.present("expression") != nil {
            kinds.append(.expression(try fields.text("expression")))
        }
        if json.present("python") != nil { kinds.append(.python(try fields.text("python"))) }
        if let rubric = json.present("prompt") {
            kinds.append(.prompt(try PromptRubric(rubric, place: "\(place).prompt")))
        }
        guard kinds.count == 1 else {
            throw fields.fault(
                "exactly one of expression, python and prompt says how it is computed")
        }
        var examples: [UnitExample] = []
        for (index, example) in (json.present("examples")?.array ?? []).enumerated() {
            examples.append(try UnitExample(example, place: "\(place).examples[\(index)]"))
        }
        var parent: Digest?
        if let hex = json.present("parent") {
            guard let digest = hex.string.flatMap(Digest.init(hex:)) else {
                throw fields.fault("parent is no digest of 64 hexadecimal digits")
            }
            parent = digest
        }
        try self.init(
            name: try fields.text("name"), title: try fields.text("title"), kind: kinds[0],
            examples: examples, version: json.present("version").map { $0.integer ?? 0 } ?? 1,
            parent: parent)
    }

    /// Reads a JSON array of definitions.
    static func list(in text: String, place: String) throws(ToolError) -> [FeatureTool] {
        let document: JSONValue
        do throws(JSONValue.Flaw) {
            document = try JSONValue(parsing: text)
        } catch {
            throw .form(place: place, reason: "not JSON: \(error)")
        }
        var tools: [FeatureTool] = []
        for (index, entry) in (document.array ?? []).enumerated() {
            tools.append(try FeatureTool(entry, place: "\(place)[\(index)]"))
        }
        return tools
    }
}

extension UnitExample {
    var json: JSONValue {
        [
            "text": .string(text), "value": value.map { .number($0) } ?? .null,
            "relation": .string(relation.rawValue), "tolerance": .number(tolerance),
        ]
    }

    init(_ json: JSONValue, place: String) throws(ToolError) {
        let fields = try ToolFields(
            json, place: place, known: ["text", "value", "relation", "tolerance"])
        guard let value = json["value"] else {
            throw fields.fault("value is missing; null says: no value")
        }
        guard value == .null || value.number?.isFinite == true else {
            throw fields.fault("value is \(value.summary), and must be a number or null")
        }
        let tolerance = json.present("tolerance").map { $0.number ?? -1 } ?? 1e-6
        guard tolerance >= 0, tolerance.isFinite else {
            throw fields.fault("tolerance must be a number from 0 on")
        }
        let relation = json.present("relation").map { $0.string.flatMap(Relation.init) } ?? .equals
        guard let relation else {
            throw fields.fault("relation must be equals, at-least or at-most")
        }
        let text = try fields.text("text")
        guard text.utf8.count <= Self.textLimit else {
            throw fields.fault("its text has more than \(Self.textLimit) bytes")
        }
        self.init(text: text, value: value.number, relation: relation, tolerance: tolerance)
    }

    static let textLimit = 20_000
}

extension PromptRubric {
    init(_ json: JSONValue, place: String) throws(ToolError) {
        let fields = try ToolFields(json, place: place, known: ["question", "scale", "anchors"])
        guard let scale = Scale(rawValue: try fields.text("scale")) else {
            throw fields.fault("scale is one of graded and yes-no")
        }
        var anchors: [Anchor] = []
        for (index, anchor) in (json.present("anchors")?.array ?? []).enumerated() {
            let place = "\(place).anchors[\(index)]"
            let fields = try ToolFields(anchor, place: place, known: ["value", "meaning"])
            guard let value = anchor["value"]?.integer else {
                throw fields.fault("value is no whole number")
            }
            anchors.append(Anchor(value: value, meaning: try fields.text("meaning")))
        }
        try self.init(question: try fields.text("question"), scale: scale, anchors: anchors)
    }
}

/// An object of a definition, its members all known.
private struct ToolFields {
    let json: JSONValue
    let place: String

    init(_ json: JSONValue, place: String, known: [String]) throws(ToolError) {
        self.json = json
        self.place = place
        guard let members = json.members else {
            throw .form(place: place, reason: "is \(json.summary), and must be an object")
        }
        if let stray = members.first(where: { !known.contains($0.name) }) {
            throw fault(
                "\"\(ToolError.line(stray.name))\" is not known; known are "
                    + known.joined(separator: ", ")
            )
        }
    }

    func text(_ name: String) throws(ToolError) -> String {
        guard let text = json[name]?.string else { throw fault("\(name) is missing or no text") }
        return text
    }

    func fault(_ reason: String) -> ToolError { .form(place: place, reason: reason) }
}

extension FeatureTool: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        try self.init(try JSONValue(parsing: text), place: "tool")
    }

    /// As the canonical text of ``json``.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(json.canonicalText)
    }
}
