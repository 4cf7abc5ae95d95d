import Consulting
import Digests
import Inquiry
import Instruments
import LanguageModels
import LinearAlgebra
import Memory
import Statistics
import Texts

/// Inquiries into planted features and null features, and what they came to beside the truth.
public struct PlantedStudy: Sendable {
    public let tasks: [InquiryTask]
    let instrument: PlantedTextInstrument
    let corpus: TextCorpus
    let bench: TextBench
    let plan: InquiryPlan
    /// Edits with words of held-out texts.
    let heldOutEdits: TextEdits
    let context: TextStudyContext
    /// What was asked of a language model.
    let calls: StoredCalls

    /// Smaller than the plan for features of models, as there are hundreds of them and what is planted
    /// is simpler.
    public static let plan = InquiryPlan(
        trialsPerHypothesis: 64, hypotheses: 6, probes: 1_500, backgroundShown: 600)

    /// - Parameters:
    ///   - texts: the corpus, dealt to splits by content.
    ///   - features: how many to plant over it.
    ///   - store: where measurements are kept.
    ///   - consulted: a language model that proposes in place of the rule inducer.
    ///   - form: how a schema reaches it.
    ///   - sampling: what of its sampling was chosen.
    public init(
        texts: [String], features: Int, nulls: Int, seed: UInt64, plan: InquiryPlan, store: Store,
        run: String, consulted: ConsultedModel? = nil, form: SchemaForm = .native,
        sampling: SamplingChoice = SamplingChoice()
    ) {
        let units = texts.map(TextUnits.init).filter { !$0.units.isEmpty && $0.isComplete }
        self.init(
            planted: PlantedFeature.plant(count: features, over: units, seed: seed), over: units,
            nulls: nulls, seed: seed, plan: plan, store: store, run: run, consulted: consulted,
            form: form, sampling: sampling)
    }

    init(
        planted: [PlantedFeature], over units: [TextUnits], nulls: Int, seed: UInt64,
        plan: InquiryPlan, store: Store, run: String, consulted: ConsultedModel? = nil,
        form: SchemaForm = .native, sampling: SamplingChoice = SamplingChoice()
    ) {
        let instrument = PlantedTextInstrument(features: planted, nullCount: nulls, seed: seed)
        let corpus = TextCorpus(units, seed: seed)
        let bench = TextBench(instrument: instrument, store: store, run: run)
        var context = TextStudyContext(
            seed: seed, plan: plan, inducer: TextInducer.Settings(), replicates: 200,
            corpus: corpus, heldOut: SealedTexts(pool: corpus.heldOut, bench: bench),
            edits: TextEdits(vocabulary: .init(from: corpus.probes.texts, seed: seed)),
            bench: bench)
        if let consulted {
            context.proposer = ConsultingTextProposer(
                model: consulted.model, prompts: consulted.prompts, form: form,
                sampling: sampling)
        }
        let study = context
        self.context = study
        calls = StoredCalls(store: store, run: run)
        self.instrument = instrument
        self.plan = plan
        self.corpus = corpus
        self.bench = bench
        heldOutEdits = TextEdits(vocabulary: .init(from: corpus.heldOut.texts, seed: seed))
        tasks = (0..<planted.count + nulls).map { latent in
            InquiryTask(name: Self.name(latent, planted.count), plan: plan) {
                TextLaboratory(study: study, feature: .latent(latent))
            }
        }
    }

    private static func name(_ latent: Int, _ planted: Int) -> String {
        latent < planted ? "planted \(latent)" : "null \(latent - planted)"
    }

    /// What the inquiries into null features came to.
    public struct Nulls: Codable, Hashable, Sendable {
        public internal(set) var count = 0
        /// Those that had any hypothesis called supported.
        public internal(set) var confirmed = 0
        /// Those that stopped since a language model gave no reply of use.
        public internal(set) var failed = 0
        public internal(set) var usage = ReplyUsage()
    }

    public func nulls(_ journal: any InquiryJournal) async throws -> Nulls {
        var nulls = Nulls()
        for task in tasks.dropFirst(instrument.features.count) {
            let state = try InquiryState(
                plan: plan, events: try await journal.events(of: task.name))
            nulls.count += 1
            nulls.confirmed += state.records.contains { $0.status == .supported } ? 1 : 0
            nulls.failed += state.hasFailed ? 1 : 0
            nulls.usage = nulls.usage + (try await calls.usage(of: state.consultations))
        }
        return nulls
    }
}

extension PlantedStudy {
    /// A text's sentences of a handy length, each on one line. A word of up to two letters with its
    /// point ends none: it may be "Mr." or "St.".
    public static func sentences(of text: String) -> [String] {
        var result: [String] = []
        for paragraph in text.replacing("\r\n", with: "\n").split(separator: "\n\n") {
            let line = paragraph.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            var sentence = ""
            for word in line.split(separator: " ") {
                sentence += (sentence.isEmpty ? "" : " ") + word
                let bare = word.trimmingSuffix { "\"'”’)".contains($0) }
                guard let last = bare.last, ".!?".contains(last), bare.count > 3 else { continue }
                result.append(sentence)
                sentence = ""
            }
            if !sentence.isEmpty { result.append(sentence) }
        }
        return result.filter { (4...60).contains(TextUnits($0).units.count) }
    }
}

extension Substring {
    /// Without the characters at its end that satisfy a condition.
    fileprivate func trimmingSuffix(_ condition: (Character) -> Bool) -> Substring {
        var rest = self
        while let last = rest.last, condition(last) { rest.removeLast() }
        return rest
    }
}
