import Digests
import Foundation
import HTTP
import Inquiry
import Instruments
import LanguageModels
import Logging
import Memory
import Prompts
import Texts

@testable import Explaining

/// An inquiry into one planted feature whose proposer is a language model.
struct ConsultedTextStudy {
    static let truth = #"word("dog") & previous("the")"#

    /// Sentences in which "the dog" is told from "a dog".
    static let sentences: [String] = {
        let subjects = ["the dog", "a dog", "the cat", "a bird", "my sister", "the old man"]
        let verbs = ["saw", "liked", "painted", "sold", "wanted", "lost"]
        let colours = ["red", "blue", "green", "plain", "large", "new"]
        let things = ["house", "boat", "garden", "letter", "coat"]
        var result: [String] = []
        for subject in subjects {
            for verb in verbs {
                for colour in colours {
                    for thing in things {
                        result.append("Then \(subject) \(verb) the \(colour) \(thing) again.")
                    }
                }
            }
        }
        return result
    }()

    let store: Store
    let run: String
    /// Lives as long as the store in it.
    private let scratch: Scratch
    var planted = truth
    var texts = sentences
    var helpers = Helper.allCases
    var plan = InquiryPlan(
        trialsPerHypothesis: 32, hypotheses: 6, probes: 400, backgroundShown: 150)

    /// - Parameter memory: where the store lies; the same for those that go on with one run.
    init(_ scratch: Scratch, memory: String = "memory.sqlite") async throws {
        self.scratch = scratch
        store = try Store(path: scratch.path(memory))
        run = try await store.begin(prefix: "test", manifest: "{}", now: Date()).id
    }

    var name: String { "latent 0" }
    var ledger: StoredCalls { StoredCalls(store: store, run: run) }
    var journal: StoredJournal { StoredJournal(store: store, run: run) }

    /// The model behind a server, in all of its layers, as a process that has just begun makes it.
    func model(at url: String) async throws -> any LanguageModel {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let stack = ModelStack(
            client: try HTTPClient(proxy: .direct), gates: HostGates(), ledger: ledger,
            budget: Budget(caps: BudgetCaps()), tracer: nil, logger: logger, environment: [:])
        return try await stack.model(
            try ModelSpecification.parse(url + "/v1#scribe", environment: [:]))
    }

    func task(_ model: any LanguageModel) throws -> InquiryTask {
        let proposer = ConsultingTextProposer(
            model: model, prompts: try PromptSet(), form: .native, sampling: SamplingChoice(),
            helpers: helpers)
        let feature = PlantedFeature(
            class: .context, rule: try TextRule.parse(planted), seed: 4)
        let instrument = PlantedTextInstrument(features: [feature], nullCount: 0, seed: 4)
        let corpus = TextCorpus(texts.map(TextUnits.init), seed: 4)
        let bench = TextBench(instrument: instrument, store: store, run: run)
        let context = TextStudyContext(
            seed: 4, plan: plan, inducer: TextInducer.Settings(), replicates: 100,
            corpus: corpus, heldOut: SealedTexts(pool: corpus.heldOut, bench: bench),
            edits: TextEdits(vocabulary: .init(from: corpus.probes.texts, seed: 4)),
            bench: bench, proposer: proposer)
        return InquiryTask(name: name, plan: plan) {
            TextLaboratory(study: context, feature: .latent(0))
        }
    }

    /// Carries the inquiry on as far as it goes.
    @discardableResult
    func carryOn(
        _ model: any LanguageModel, journal: (any InquiryJournal)? = nil
    ) async throws -> InquiryState {
        _ = try await Campaign(journal: journal ?? self.journal, concurrency: 1)
            .run([try task(model)])
        return try await state
    }

    var state: InquiryState {
        get async throws {
            try InquiryState(plan: plan, events: try await journal.events(of: name))
        }
    }

    /// The bytes of every event.
    var bodies: [String] {
        get async throws { try await store.journal(run: run, inquiry: name).map(\.body) }
    }
}

/// A journal whose process dies twice at every event: when it is about to be written, so that what a
/// model was paid for is in no event yet, and when it has just been written.
actor CrashingJournal: InquiryJournal {
    struct Crash: Error {}

    private let journal: StoredJournal
    private var crashedBefore: Set<Int> = []
    private var crashedAfter: Set<Int> = []
    private(set) var crashes = 0

    init(_ journal: StoredJournal) { self.journal = journal }

    func events(of inquiry: String) async throws -> [InquiryEvent] {
        try await journal.events(of: inquiry)
    }

    func append(_ event: InquiryEvent, to inquiry: String, sequence: Int) async throws {
        if crashedBefore.insert(sequence).inserted {
            crashes += 1
            throw Crash()
        }
        try await journal.append(event, to: inquiry, sequence: sequence)
        if crashedAfter.insert(sequence).inserted {
            crashes += 1
            throw Crash()
        }
    }
}
