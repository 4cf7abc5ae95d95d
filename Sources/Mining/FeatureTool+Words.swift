import Tools

extension FeatureTool.Kind {
    /// For tables and reports.
    var word: String {
        switch self {
        case .expression: "expression"
        case .python: "python"
        case .prompt: "prompt"
        }
    }

    var isPrompt: Bool {
        if case .prompt = self { true } else { false }
    }

    /// What computes the feature, as people read it.
    var definition: String {
        switch self {
        case .expression(let source), .python(let source): source
        case .prompt(let rubric):
            ([rubric.question] + rubric.anchors.map { "\($0.value): \($0.meaning)" })
                .joined(separator: "\n")
        }
    }

    /// Of the file in which a pack shows it.
    var suffix: String {
        switch self {
        case .expression: "txt"
        case .python: "py"
        case .prompt: "md"
        }
    }
}

extension FeatureTool {
    /// What the feature measures, in plain words.
    var sentence: String {
        switch kind {
        case .expression(let source):
            // A list of hundreds of words says less than its title.
            (try? TextExpression(source)).map(\.sentence).flatMap { $0.count <= 200 ? $0 : nil }
                ?? title
        case .python: "\(title), computed by Python"
        case .prompt(let rubric): rubric.question
        }
    }

    /// The tool as a file that people read.
    var reading: String {
        switch kind {
        case .expression(let source): "\(title)\n\n\(source)\n"
        case .python(let source): source.hasSuffix("\n") ? source : source + "\n"
        case .prompt: "# \(title)\n\n\(kind.definition)\n"
        }
    }
}
