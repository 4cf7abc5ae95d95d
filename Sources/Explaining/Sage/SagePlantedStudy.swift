import Inquiry
import Instruments
import LanguageModels
import Texts

/// SAGE's loop on the features of a planted study: the same features, nulls and texts as our own
/// inquiries into them, and whatever model is given to both.
///
/// Its exemplars come from the texts that our proposer may read too. An explanation in words can be
/// compared with a planted rule only by the formula that it ends with; one without a formula that can
/// be read is scored by nobody and counted as such.
public struct SagePlantedStudy: Sendable {
    public enum Mode: String, Codable, Hashable, Sendable, CaseIterable {
        /// The whole loop.
        case loop = "sage"
        /// The explainer's first answer, without any test.
        case oneShot = "one-shot"
    }

    /// Of one planted feature or null.
    public struct Result: Codable, Hashable, Sendable {
        public let feature: String
        /// The planted rule; nil of a null.
        public let truth: String?
        /// What the model concluded, or in one shot what it said first.
        public let answer: Answer?
        /// What it said first.
        public let firstAnswer: Answer?
        public let record: SageRecord
    }

    /// An explanation beside the truth.
    public struct Answer: Codable, Hashable, Sendable {
        public let formula: String
        /// How it does against the planted rule; nil of a null.
        public let score: PlantedStudy.Answer?

        public var isRecovered: Bool { score?.isRecovered ?? false }
    }

    private let study: PlantedStudy
    private let model: any LanguageModel
    private let settings: SageSettings

    public init(
        of study: PlantedStudy, model: any LanguageModel, settings: SageSettings = SageSettings()
    ) {
        self.study = study
        self.model = model
        self.settings = settings
    }

    /// Every feature's result, then every null's.
    ///
    /// - Parameter concurrency: inquiries under way at once; it never changes a result.
    public func results(_ mode: Mode, concurrency: Int) async throws -> [Result] {
        precondition(concurrency > 0, "results need a concurrency above 0, not \(concurrency)")
        return try await study.tasks.indices.concurrentMap(limit: concurrency) {
            try await self.result($0, mode)
        }
    }

    private func result(_ latent: Int, _ mode: Mode) async throws -> Result {
        var inquiry = SageInquiry(
            instrument: study.instrument, latent: latent, exemplars: try await exemplars(latent),
            model: model, name: study.tasks[latent].name, settings: settings)
        let record =
            switch mode {
            case .loop: try await inquiry.run()
            case .oneShot: try await inquiry.runOneShot()
            }
        let features = study.instrument.features
        let truth = latent < features.count ? features[latent].rule : nil
        let contrasts = truth.map { _ in study.contrasts(latent) } ?? []
        let first = try answer(record.oneShot, truth, contrasts)
        return Result(
            feature: study.tasks[latent].name, truth: truth?.formula,
            answer: mode == .loop ? try answer(record.explanation, truth, contrasts) : first,
            firstAnswer: first,
            record: record)
    }

    /// The texts of the propose split on which the latent is strongest; none on which it is silent.
    private func exemplars(_ latent: Int) async throws -> [SageWindow] {
        let texts = study.corpus.propose.texts.map(\.text)
        let outcomes = try await study.instrument.readings(of: texts, latents: [latent])
        var strongest: [(index: Int, value: Float)] = []
        for (index, outcome) in outcomes.enumerated() {
            guard let value = outcome.reading?.maximum(0)?.value, value > 0 else { continue }
            strongest.append((index, value))
        }
        strongest.sort { ($1.value, $0.index) < ($0.value, $1.index) }
        return strongest.prefix(settings.exemplars).compactMap { index, _ in
            outcomes[index].reading.flatMap { SageWindow($0, of: texts[index]) }
        }
    }

    private func answer(
        _ rule: TextRule?, _ truth: TextRule?, _ contrasts: [TextUnits]
    ) throws -> Answer? {
        guard let formula = rule?.formula else { return nil }
        return Answer(
            formula: formula,
            score: try truth.map { try study.answer(formula, $0, contrasts) })
    }
}
