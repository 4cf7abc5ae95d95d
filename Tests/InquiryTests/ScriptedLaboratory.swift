import Inquiry
import LinearAlgebra
import Statistics

/// A laboratory whose subject is known: each hypothesis comes true with its own probability. Formulas
/// are their own hit rates ("0.95"), so a test says what is true and sees what the inquiry makes of it.
struct ScriptedLaboratory: Laboratory {
    var proposals = ["0.98"]
    /// What refinements offer, by how many refinements went before.
    var refinements: [(formula: String, gain: Double)?] = []
    var tuneScores: [String: Double] = [:]
    var exemplars = 100
    var findsInputs = true
    /// What it offers beyond proposing and refining.
    var helpers: [Helper] = []
    /// What each review adds, in turn.
    var additions: [[String]] = []
    var failing: Set<Int> = []
    var seed: UInt64 = 1

    func begin() async throws -> Beginning {
        Beginning(
            threshold: FiringThreshold(fraction: 0.5, meanOfTopTen: 2, maximum: 3), density: 0.1,
            proposeExemplars: exemplars, tuneExemplars: exemplars, exemplars: [],
            shown: ShownInputs(), heat: [])
    }

    private func draft(_ formula: String, _ origin: Origin) -> HypothesisDraft {
        HypothesisDraft(
            origin: origin, formula: formula, statement: "hits \(formula)", refutedBy: "misses",
            complexity: 1)
    }

    func propose(_ state: InquiryState) async throws -> Proposal {
        Proposal(
            drafts: proposals.map { draft($0, $0 == proposals.first ? .contrast : .rival) },
            consultation: helpers.isEmpty
                ? nil : Consultation(role: "scripted", requests: [], failure: nil),
            helpers: helpers.isEmpty ? nil : helpers)
    }

    func review(leading: Int, _ state: InquiryState) async throws -> Review {
        let turn = state.reviews.count
        return Review(
            parent: leading, unexplained: "something",
            drafts: turn < additions.count ? additions[turn].map { draft($0, .review) } : [],
            consultation: nil)
    }

    func design(_ requests: [TrialRequest], _ state: InquiryState) async throws -> [Probe] {
        guard findsInputs else { return [] }
        var probes: [Probe] = []
        for request in requests {
            for trial in request.first..<request.first + request.count {
                for prediction in [Prediction.fires, .silent] {
                    let id = state.probes.count + probes.count + 1
                    let formula = state.record(request.hypothesis)?.hypothesis.formula ?? "0"
                    probes.append(
                        Probe(
                            id: id, hypothesis: request.hypothesis, trial: trial, arm: request.arm,
                            role: prediction == .fires ? .positive : .nearMiss,
                            input: "\(formula) \(prediction.rawValue)", prediction: prediction,
                            note: ""))
                }
            }
        }
        return probes
    }

    func measure(_ probes: [Probe]) async throws -> [ProbeResult] {
        probes.map { probe in
            if failing.contains(probe.id) {
                return ProbeResult(probe: probe.id, outcome: .failed(reason: "scripted"))
            }
            var generator = SeededGenerator(seed: seed, stream: UInt64(probe.id))
            let rate = Double(probe.input.split(separator: " ")[0]) ?? 0
            let hit = generator.unit() < rate
            let fires = (probe.prediction == .fires) == hit
            return ProbeResult(probe: probe.id, outcome: .activation(fires ? 1.5 : 0))
        }
    }

    func refine(parent: Int, attempt: Int, _ state: InquiryState) async throws -> Refinement {
        let turn = state.refinements.count
        guard turn < refinements.count, let offer = refinements[turn] else {
            return Refinement(parent: parent, draft: nil, parentScore: 0.5, draftScore: 0)
        }
        return Refinement(
            parent: parent, draft: draft(offer.formula, .refinement), parentScore: 0.5,
            draftScore: 0.5 + offer.gain)
    }

    func rescore(_ state: InquiryState) async throws -> [HypothesisScore] {
        state.records.map {
            HypothesisScore(
                hypothesis: $0.hypothesis.id,
                balancedAccuracy: tuneScores[$0.hypothesis.formula] ?? 0.5)
        }
    }

    func openHeldOut() async throws -> HeldOutOpening {
        HeldOutOpening(games: 1, positions: 1, digest: "none")
    }

    func score(_ state: InquiryState) async throws -> ScoreCard {
        let value = Estimate(value: 0.9, interval: nil, count: 1)
        func score(_ hypothesis: Int) -> HeldOutScore {
            HeldOutScore(
                hypothesis: hypothesis,
                counts: ConfusionCounts(
                    truePositives: 1, falsePositives: 0, trueNegatives: 1, falseNegatives: 0),
                balancedAccuracy: value, f1: value, auroc: value, massExplained: value,
                balancedAccuracyOfMaximum: nil)
        }
        return ScoreCard(
            explanation: score(state.committed ?? 1), oneShot: score(1), facets: [], firing: 1)
    }
}

/// A journal in an array, for tests of the fold.
actor ListJournal: InquiryJournal {
    private(set) var events: [String: [InquiryEvent]] = [:]
    /// After so many appends in all, appending fails.
    var room: Int

    init(room: Int = .max) { self.room = room }

    func events(of inquiry: String) -> [InquiryEvent] { events[inquiry] ?? [] }

    struct Full: Error {}

    func append(_ event: InquiryEvent, to inquiry: String, sequence: Int) throws {
        guard room > 0 else { throw Full() }
        room -= 1
        precondition(sequence == events[inquiry]?.count ?? 0)
        events[inquiry, default: []].append(event)
    }

    func makeRoom(_ room: Int) { self.room = room }
}
