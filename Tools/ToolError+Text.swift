extension ToolError: CustomStringConvertible {
    /// The thing, the reason and the cure in one line.
    public var description: String {
        switch self {
        case .name(let name):
            "\"\(Self.line(name))\" is no name for a tool; use 1 to 60 small letters, digits and "
                + "single hyphens, such as share-of-hedges"
        case .tool(let name, let reason): "tool \(name): \(reason)"
        case .expression(let source, let offset, let reason):
            "expression \"\(Self.line(source))\", character \(offset + 1): \(reason)"
        case .rubric(let question, let reason): "question \"\(Self.line(question))\": \(reason)"
        case .shipped(let file, let line, let reason): "\(file), line \(line): \(reason)"
        case .form(let place, let reason): "\(place): \(reason)"
        case .altered(let path, let approved, let found):
            "\(path): the tool was approved as \(approved.hex.prefix(12)) and is now "
                + "\(found.hex.prefix(12)); restore the file, or approve the new recipe as a "
                + "version of its own"
        case .unreadable(let path, let reason): "\(path): \(reason)"
        case .taken(let name, let version, let path):
            "\(path): there is a version \(version) of \(name) with another recipe; give the new "
                + "one version \(version + 1)"
        case .sandbox(let problem): problem.description
        }
    }

    /// Foreign text on one line, cut to a readable length.
    static func line(_ text: String) -> String {
        let flat = text.unicodeScalars.prefix(81).map { scalar in
            scalar.properties.generalCategory == .control ? " " : String(scalar)
        }
        return flat.count > 80 ? flat.prefix(80).joined() + "…" : flat.joined()
    }
}
