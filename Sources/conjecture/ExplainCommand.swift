import ArgumentParser
import Explaining
import Foundation
import Inquiry
import Instruments
import Memory

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain the latents of a sparse autoencoder by experiment.",
        discussion: """
            For each latent: exemplars, rival hypotheses, probes with registered predictions, verdicts by \
            e-process, an explanation scored once on held-out games or texts beside its controls. A model \
            with a tokenizer in its folder is studied on text; any other must play Othello.

            Examples:
              conjecture explain Examples/othello --random 16
              conjecture explain Examples/stories --corpus Examples/stories/stories.txt --random 50
              conjecture explain --from neuronpedia:gemma-2-2b/11-gemmascope-res-16k/5125
              conjecture explain study.yaml --features all --budget 20USD --hours 8

            A study's file holds these options by their long names, and subject for the argument; what is \
            given on the command line goes before what the file says.
              conjecture explain Examples/othello --features 3,17,40-59 --json
              conjecture explain Examples/othello --random 4 --model openai:gpt-5 --price 1.25/10 --max-cost 2

            \(ApprovalFile.help)
            """)

    @OptionGroup var subject: SubjectOptions
    @OptionGroup var text: TextOptions
    @OptionGroup var approval: ApprovalOptions
    @OptionGroup var memory: MemoryOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var observation: ObservationOptions

    @Option(
        help: ArgumentHelp(
            "Latents by number: 3,17,40-59; or all live ones: all.", valueName: "list"))
    var features: String?

    @Option(help: ArgumentHelp("So many live latents, drawn with the seed.", valueName: "count"))
    var random: Int?

    @Flag(help: "All live latents.")
    var all = false

    @Option(help: "Decides every random choice. The same seed gives the same report.")
    var seed: UInt64 = 1

    @Option(help: "Games in the propose, tune and held-out splits together.")
    var games = 6_000

    @Option(
        help: ArgumentHelp(
            "Controls of each kind (shuffled features, random directions). Default: one for each latent, "
                + "at most 32.", valueName: "count"))
    var controls: Int?

    @Flag(
        help: ArgumentHelp(
            "Ask the language model only about features of text for which nothing that the rule inducer "
                + "proposed is supported."))
    var inducerFirst = false

    @Option(
        help: ArgumentHelp(
            "Explain the features in waves of so many, each with what earlier waves taught, but for half of "
                + "them, drawn by lot. 0: all at once.", valueName: "count"))
    var wave = ExplainStudy.waveSize

    @Option(help: "Inquiries under way at once. It changes no result.")
    var concurrency = 2

    @Option(help: ArgumentHelp("Probes that the run may spend.", valueName: "count"))
    var maxProbes: Int?

    @Option(
        help: ArgumentHelp(
            "Inputs that the run may measure, games of the splits included.", valueName: "count"))
    var maxMeasurements: Int?

    @Option(
        help: ArgumentHelp(
            "Stop after so many seconds with exit code 3; `conjecture resume` goes on.",
            valueName: "seconds"))
    var maxSeconds: Double?

    @Option(
        help: ArgumentHelp(
            "The same in hours, for runs that nobody watches.", valueName: "hours"))
    var hours: Double?

    @Option(
        help: ArgumentHelp(
            "What the language model may cost: 20USD. The same as --max-cost.", valueName: "amount")
    )
    var budget: String?

    @Flag(help: "Ignore the lessons of earlier runs; --wave 0 those of this one.")
    var fresh = false

    @Flag(help: "Print one JSON object instead of a table.")
    var json = false

    func validate() throws {
        if let path = subject.model, StudyFile.isOne(path) { return }
        let chosen = [features != nil, random != nil, all].count { $0 }
        if text.from != nil {
            guard chosen == 0, subject.model == nil else {
                throw ValidationError("--from names subject and feature: give neither beside it.")
            }
        } else {
            guard subject.model != nil else {
                throw ValidationError("Say what is studied: a model's folder, or --from.")
            }
            guard chosen == 1 else {
                throw ValidationError("Say which latents: one of --features, --random or --all.")
            }
        }
        if let random, random < 1 {
            throw ValidationError("--random \(random): give a number above 0.")
        }
        guard (60...1_000_000).contains(games) else {
            throw ValidationError("--games \(games): give a number from 60 to 1000000.")
        }
        guard (1...64).contains(concurrency) else {
            throw ValidationError("--concurrency \(concurrency): give a number from 1 to 64.")
        }
        guard (0...100_000).contains(wave) else {
            throw ValidationError("--wave \(wave): give a number from 0 to 100000.")
        }
        if let controls, !(0...10_000).contains(controls) {
            throw ValidationError("--controls \(controls): give a number from 0 to 10000.")
        }
        if let budget, Self.dollars(budget) == nil {
            throw ValidationError("--budget \(budget): write an amount as 20USD.")
        }
        if let hours, !(0...10_000).contains(hours) {
            throw ValidationError("--hours \(hours): give a number from 0 to 10000.")
        }
        if features != nil {
            do {
                _ = try request()
            } catch {
                throw ValidationError("--features: \(error)")
            }
        }
    }

    func run() async throws {
        if let path = subject.model, StudyFile.isOne(path) {
            let own = StudyFile.words(after: Self.configuration.commandName, but: path)
            let study = try StudyFile(path: path, argument: "subject")
            return try await Self.parse(study.arguments(with: own)).run()
        }
        let (subject, bare) = try await study()
        let store = try memory.open()
        var model = model
        model.caps.maxCost = model.caps.maxCost ?? budget.flatMap(Self.dollars)
        let session = ModelSession(options: model, observation: observation, store: store)
        let scope = "before-\(UUID().uuidString)"
        let manifest = bare.with(
            proposer: try await session.reference(of: bare.inquiry, scope: scope))
        ConsultationPlan(manifest, concurrency: concurrency).map { Console.error("\($0)") }
        let driver = RunDriver(
            store: store, subject: subject, session: session, memory: memory,
            concurrency: concurrency, maxSeconds: maxSeconds ?? hours.map { $0 * 3_600 },
            isPatient: approval.waiting.isPatient, json: json)
        try await driver.begin(manifest, fresh: fresh, scope: scope)
    }

    /// What is studied and how, but for the language model.
    private func study() async throws -> (StudySubject, StudyManifest) {
        if let from = text.from { return try await remote(from) }
        guard let folder = subject.model, TextSubjectCheck.isTextModel(folder) else {
            return try board()
        }
        let (reference, instrument, material) = try text.local(
            model: folder, autoencoder: subject.autoencoder, threads: subject.threads, seed: seed)
        let asked = try request().count(of: reference.latents ?? 0)
        let count = controls ?? min(32, asked)
        let manifest = TextManifest(
            subject: reference, corpus: material.reference, request: try request(), seed: seed,
            plan: try plan(
                .text, inquiries: asked + 2 * count, corpus: material.reference.passages),
            controls: .init(shuffled: count, directions: count), inducerFirst: inducerFirst,
            wave: waveSize)
        return (.texts(instrument, material), .texts(manifest))
    }

    private func board() throws -> (StudySubject, StudyManifest) {
        let subject = try subject.load()
        let asked = try request().count(of: subject.reference.latents)
        let count = controls ?? min(32, asked)
        let manifest = ExplainManifest(
            subject: subject.reference, request: try request(), seed: seed, games: games,
            plan: try plan(InquiryPlan(), inquiries: asked + 2 * count, corpus: games),
            controls: .init(shuffled: count, directions: count), experience: [], wave: waveSize)
        return (.games(subject), .games(manifest))
    }

    private func remote(_ word: String) async throws -> (StudySubject, StudyManifest) {
        let (reference, instrument, material, latent) = try await text.remote(word, seed: seed)
        let manifest = TextManifest(
            subject: reference, corpus: material.reference, request: .list([latent]),
            seed: seed,
            plan: try plan(.remote, inquiries: 1, corpus: material.reference.passages),
            controls: .init(shuffled: controls ?? 1, directions: 0), inducerFirst: inducerFirst)
        try await announce(manifest, instrument)
        return (.texts(instrument, material), .texts(manifest))
    }

    private var waveSize: Int? { wave > 0 ? wave : nil }

    /// Says what measuring will take where somebody's limit counts.
    private func announce(
        _ manifest: TextManifest, _ instrument: any TextInstrument
    ) async throws {
        let texts = manifest.corpus.passages + manifest.plan.probes
        let plan = await instrument.plan(
            for: (0..<texts).map(String.init), latents: [0])
        Console.error("\(manifest.subject.name): at most \(plan)")
    }

    /// Reads "20USD", "20 usd" or "20".
    private static func dollars(_ text: String) -> Double? {
        let bare = text.uppercased().replacing("USD", with: "").replacing("$", with: "")
        return Double(bare.filter { $0 != " " }).flatMap { $0 >= 0 ? $0 : nil }
    }

    private func request() throws -> FeatureRequest {
        if features == "all" { return .all }
        if let features { return try FeatureRequest.parse(features) }
        return random.map(FeatureRequest.random) ?? .all
    }

    /// The run's budgets, in equal shares for every inquiry, so that none has more or less for what
    /// another spent.
    ///
    /// - Parameter corpus: inputs that are measured whatever the probes.
    private func plan(
        _ plan: InquiryPlan, inquiries: Int, corpus: Int
    ) throws -> InquiryPlan {
        var plan = plan
        plan.approval = try approval.policy()
        if let maxProbes {
            plan.probes = min(plan.probes, maxProbes / max(1, inquiries))
            guard plan.probes >= plan.leastProbes else {
                throw ExplainError.budgetTooSmall(
                    what: "probes", asked: maxProbes, needed: plan.leastProbes * inquiries)
            }
        }
        if let maxMeasurements {
            plan.probes = min(plan.probes, (maxMeasurements - corpus) / max(1, inquiries))
            guard plan.probes >= plan.leastProbes else {
                throw ExplainError.budgetTooSmall(
                    what: "measurements", asked: maxMeasurements,
                    needed: corpus + plan.leastProbes * inquiries)
            }
        }
        return plan
    }
}
