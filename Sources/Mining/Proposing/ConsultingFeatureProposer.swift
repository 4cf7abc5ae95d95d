import Consulting
import Foundation
import Inquiry
import LinearAlgebra
import Prompts
import Rows
import Statistics
import Tools

/// Proposes what a language model conjectures, beside what the inducer proposes for nothing.
///
/// First invented readers propose, then readings of high rows, of low rows, of pairs that are alike in
/// length and unlike in outcome, and of kinds of texts where an encoder is at hand; later rounds reflect on the rows that the chosen features get most
/// wrong. Each question is made anew from the state, so it is the same question whenever it is asked.
/// Where earlier tasks left tools, those take the place of invented readers: a second task asks less.
struct ConsultingFeatureProposer: FeatureProposer {
    let consultant: Consultant
    let manifest: MiningManifest
    let inducing: InducingFeatureProposer
    /// What the gains are over.
    let controls: [String]

    static let personas = 4
    /// Features that are asked of each reader and each reading.
    static let wanted = 4
    /// Rows that one reading shows, and pairs.
    static let shown = 8
    /// Tools of earlier tasks that are enough to do without invented readers.
    static let enoughExperience = 3
    static let misses = 10
    /// Texts of a kind that are shown, and texts that are not of it.
    static let shownOfKind = 4

    func propose(_ view: ProposerView) async throws -> MiningEvent.Proposal {
        var proposal = Gathered()
        if view.round == 0 {
            try await readers(view, &proposal)
            try await contrasts(view, &proposal)
            try await kinds(view, &proposal)
        } else {
            try await reflection(view, &proposal)
        }
        try await mergeDuplicates(&proposal, round: view.round)
        let free = try await inducing.propose(view)
        let known = view.state.candidates + free.candidates
        return MiningEvent.Proposal(
            candidates: free.candidates + proposal.candidates(view.round).withoutRepeats(of: known),
            consultations: proposal.consultations, unreadable: proposal.unreadable(view.round))
    }

    func repair(
        _ candidate: Candidate, faults: [String]
    ) async throws -> (tool: FeatureTool?, consultations: [Consultation]) {
        // What was induced or built in is not the model's to mend.
        guard let feature = ProposedFeature(candidate) else { return (nil, []) }
        let briefing = RepairerBriefing(tools: toolBrief, feature: feature, faults: faults)
        let (reply, consultation) = try await consultant.ask(briefing, inquiry: MiningRun.inquiry) {
            _ in []
        }
        let tool = reply.flatMap { reply in
            try? FeatureTool(
                proposed: reply.feature, name: candidate.tool.name,
                version: candidate.tool.version + 1,
                parent: candidate.tool.hash)
        }
        return (tool, [consultation])
    }

    private func readers(_ view: ProposerView, _ proposal: inout Gathered) async throws {
        guard manifest.experience.count < Self.enoughExperience else { return }
        var generator = SeededGenerator(seed: manifest.seed, stream: 0x9E45)
        let places = view.discover.rows.texts.indices.shuffled(using: &generator)
            .prefix(Self.shown)
        let briefing = PersonasBriefing(
            task: task(view), samples: places.map { rated($0, view) }, personaCount: Self.personas)
        let (reply, consultation) = try await ask(briefing)
        proposal.consultations.append(consultation)
        for persona in reply?.personas ?? [] {
            proposal.take(persona.features, from: .personas)
        }
    }

    private func contrasts(_ view: ProposerView, _ proposal: inout Gathered) async throws {
        let order = view.residual.indices.sorted {
            (view.residual[$0], $0) < (view.residual[$1], $1)
        }
        let edge = order.count / 5
        var generator = SeededGenerator(seed: manifest.seed, stream: 0xC047)
        let low = Array(order.prefix(edge).shuffled(using: &generator).prefix(Self.shown))
        let high = Array(order.suffix(edge).shuffled(using: &generator).prefix(Self.shown))
        let mixed = (low.prefix(Self.shown / 2) + high.prefix(Self.shown / 2))
            .shuffled(using: &generator)
        let task = task(view)
        for briefing in [
            ContrasterBriefing(task: task, high: high.map { rated($0, view) }),
            ContrasterBriefing(task: task, low: low.map { rated($0, view) }),
            ContrasterBriefing(
                task: task, mixed: mixed.map { rated($0, view) },
                pairs: MatchedPairs.pairs(view, count: Self.shown / 2).map { pair in
                    .init(higher: rated(pair.higher, view), lower: rated(pair.lower, view))
                }),
        ] {
            let (reply, consultation) = try await ask(briefing)
            proposal.consultations.append(consultation)
            proposal.take(reply?.features ?? [], from: .contraster)
        }
    }

    /// Reads the kinds of texts that go most with the outcome, where there is an embedding.
    private func kinds(_ view: ProposerView, _ proposal: inout Gathered) async throws {
        guard let kinds = inducing.kinds?.telling(view.residual), !kinds.isEmpty else { return }
        var generator = SeededGenerator(seed: manifest.seed, stream: 0xE3BD)
        let texts = view.discover.rows.texts + (view.discover.rows.otherTexts ?? [])
        let shown = kinds.flatMap { kind in
            let (having, lacking) = kind.examples(Self.shownOfKind, &generator)
            return (having.map { ($0, true) } + lacking.map { ($0, false) }).map { row, isMember in
                ContrasterBriefing.KindText(
                    text: texts[row], kind: kind.latent, isMember: isMember,
                    correlation: kind.correlation)
            }
        }
        let (reply, consultation) = try await ask(
            ContrasterBriefing(task: task(view), kinds: shown))
        proposal.consultations.append(consultation)
        proposal.take(reply?.features ?? [], from: .contraster)
    }

    private func reflection(_ view: ProposerView, _ proposal: inout Gathered) async throws {
        let ranks = MiningStudy.standardisedRanks(view.discover.rows.target)
        let worst = view.residual.indices.sorted {
            (-abs(view.residual[$0]), $0) < (-abs(view.residual[$1]), $1)
        }.prefix(Self.misses)
        let gains = view.state.choice?.chosen ?? []
        let chosen = Set(gains.map(\.name))
        let briefing = ReflectorBriefing(
            task: task(view), score: view.state.choice?.score ?? 0,
            chosen: zip(view.state.chosen, gains).map {
                .init(feature: $0.tool.told, gain: $1.gain)
            },
            dropped: view.state.candidates.filter {
                !chosen.contains($0.tool.name) && $0.origin.isModel
            }.map {
                .init(feature: $0.tool.told, fate: view.state.fate(of: $0))
            },
            misses: worst.map {
                .init(
                    text: view.discover.rows.shown($0), outcome: ranks[$0],
                    predicted: ranks[$0] - view.residual[$0])
            })
        let (reply, consultation) = try await ask(briefing)
        proposal.consultations.append(consultation)
        proposal.take(reply?.features ?? [], from: .reflector)
    }

    private func mergeDuplicates(_ proposal: inout Gathered, round: Int) async throws {
        guard proposal.features.count > Self.wanted else { return }
        let proposals = proposal.features.map(\.feature)
        let (reply, consultation) = try await consultant.ask(
            FormalizerBriefing(proposals: proposals), inquiry: MiningRun.inquiry
        ) { FormalizerBriefing.Reply.faults(in: $0, count: proposals.count) }
        proposal.consultations.append(consultation)
        guard let reply else { return }
        proposal.features = reply.kept(of: proposal.features)
    }

    private func ask<Brief: Briefing>(
        _ briefing: Brief
    ) async throws -> (reply: Brief.Reply?, consultation: Consultation) {
        try await consultant.ask(briefing, inquiry: MiningRun.inquiry) { _ in [] }
    }

    private var toolBrief: ToolBrief {
        ToolBrief(
            expressionGuide: TextExpression.guide, allowsPython: manifest.allowsPython,
            allowsRubrics: true)
    }

    private func task(_ view: ProposerView) -> MiningBrief {
        MiningBrief(
            tools: toolBrief, texts: manifest.data.schema.text.names.joined(separator: " and "),
            outcome: manifest.target, controls: controls, rowCount: view.discover.count,
            guidelines: manifest.guidelines.map { [$0] } ?? [],
            lessons: manifest.experience.map(\.told), wanted: Self.wanted)
    }

    private func rated(_ row: Int, _ view: ProposerView) -> RatedText {
        RatedText(text: view.discover.rows.shown(row), outcome: view.discover.rows.target[row])
    }
}

extension RowSet {
    /// A row's text, or both of a pair, as a proposer reads it.
    func shown(_ row: Int) -> String {
        guard let others = otherTexts else { return texts[row] }
        return "First:\n\(texts[row])\n\nSecond:\n\(others[row])"
    }
}

extension FeatureTool {
    /// Title and recipe, to be told to a model.
    var told: String { "\(title)\n\(kind.definition)" }
}
