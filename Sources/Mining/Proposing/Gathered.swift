import Digests
import Inquiry
import Prompts
import Tools

/// What a language model proposed in one round, while it is gathered.
struct Gathered {
    var features: [(feature: ProposedFeature, origin: Candidate.Origin)] = []
    var consultations: [Consultation] = []

    mutating func take(_ proposed: [ProposedFeature], from origin: Candidate.Origin) {
        features += proposed.map { ($0, origin) }
    }

    func candidates(_ round: Int) -> [Candidate] {
        features.compactMap { feature, origin in
            (try? FeatureTool(proposed: feature)).map {
                Candidate(tool: $0, origin: origin, round: round)
            }
        }
    }

    /// Proposals of which no tool can be made: they were tried, and they failed.
    func unreadable(_ round: Int) -> [MiningRecord.Dropped] {
        features.compactMap { feature, _ in
            do throws(ToolError) {
                _ = try FeatureTool(proposed: feature)
                return nil
            } catch {
                return MiningRecord.Dropped(
                    name: feature.name, title: feature.title, kind: feature.recipe.kind.rawValue,
                    round: round, reason: error.description)
            }
        }
    }
}

extension FeatureTool {
    /// The tool that a proposal describes.
    ///
    /// - Parameter name: where it takes another tool's place.
    init(
        proposed feature: ProposedFeature, name: String? = nil, version: Int = 1,
        parent: Digest? = nil
    ) throws(ToolError) {
        let kind: Kind
        switch feature.recipe {
        case .expression(let source): kind = .expression(source)
        case .python(let source): kind = .python(source)
        case .rubric(let rubric):
            kind = .prompt(
                try PromptRubric(
                    question: rubric.question,
                    scale: rubric.scale == .graded ? .graded : .yesNo,
                    anchors: rubric.anchors.map { .init(value: $0.value, meaning: $0.meaning) }))
        }
        try self.init(
            name: name ?? feature.name, title: feature.title, kind: kind,
            examples: feature.examples.map(\.unit), version: version, parent: parent)
    }
}

extension ProposedFeature {
    /// A model's proposal as it was made; nil where the inducer or the catalogue made it.
    init?(_ candidate: Candidate) {
        guard candidate.origin.isModel else { return nil }
        let recipe: Recipe
        switch candidate.tool.kind {
        case .expression(let source): recipe = .expression(source)
        case .python(let source): recipe = .python(source)
        case .prompt:
            guard let rubric = Rubric(candidate.tool) else { return nil }
            recipe = .rubric(rubric)
        }
        self.init(
            name: candidate.tool.name, title: candidate.tool.title, reason: candidate.tool.title,
            direction: .unclear, recipe: recipe,
            examples: candidate.tool.examples.compactMap(Example.init))
    }
}

extension Candidate.Origin {
    /// Whether a language model had the idea.
    var isModel: Bool {
        switch self {
        case .personas, .contraster, .reflector: true
        case .catalogue, .inducer, .experience: false
        }
    }
}

extension ProposedFeature.Example {
    /// What a tool is run on.
    fileprivate var unit: UnitExample {
        let relation: UnitExample.Relation =
            switch relation {
            case .equals: .equals
            case .atLeast: .atLeast
            case .atMost: .atMost
            }
        return UnitExample(text: text, value: value, relation: relation)
    }

    /// Nil where no value is asked for, which no proposal does.
    fileprivate init?(_ example: UnitExample) {
        guard let value = example.value,
            let relation = Relation(rawValue: example.relation.rawValue)
        else { return nil }
        self.init(text: example.text, relation: relation, value: value)
    }
}
