import ArgumentParser
import Explaining
import Foundation
import Inquiry
import Memory

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain the latents of a sparse autoencoder by experiment.",
        discussion: """
            For each latent: exemplars, rival hypotheses, probes with registered predictions, verdicts by \
            e-process, an explanation scored once on held-out games beside its controls.

            Examples:
              conjecture explain Examples/othello --random 16
              conjecture explain Examples/othello --features 3,17,40-59 --json
              conjecture explain Examples/othello --random 4 --model openai:gpt-5 --price 1.25/10 --max-cost 2
            """)

    @OptionGroup var subject: SubjectOptions
    @OptionGroup var memory: MemoryOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var observation: ObservationOptions

    @Option(help: ArgumentHelp("Latents by number: 3,17,40-59.", valueName: "list"))
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

    @Flag(help: "Ignore the lessons of earlier runs.")
    var fresh = false

    @Flag(help: "Print one JSON object instead of a table.")
    var json = false

    func validate() throws {
        let chosen = [features != nil, random != nil, all].count { $0 }
        guard chosen == 1 else {
            throw ValidationError("Say which latents: one of --features, --random or --all.")
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
        if let controls, !(0...10_000).contains(controls) {
            throw ValidationError("--controls \(controls): give a number from 0 to 10000.")
        }
        if let features {
            do {
                _ = try FeatureRequest.parse(features)
            } catch {
                throw ValidationError("--features: \(error)")
            }
        }
    }

    func run() async throws {
        let subject = try subject.load()
        let store = try memory.open()
        let request = try request()
        let count = controls ?? min(32, request.count(of: subject.reference.latents))
        let session = ModelSession(options: model, observation: observation, store: store)
        let scope = "before-\(UUID().uuidString)"
        let manifest = ExplainManifest(
            subject: subject.reference, request: request, seed: seed, games: games,
            plan: try plan(inquiries: request.count(of: subject.reference.latents) + 2 * count),
            controls: .init(shuffled: count, directions: count), experience: [],
            proposer: try await session.reference(scope: scope))
        let driver = RunDriver(
            store: store, subject: subject, session: session, memory: memory,
            concurrency: concurrency, maxSeconds: maxSeconds, json: json)
        try await driver.begin(manifest, fresh: fresh, scope: scope)
    }

    private func request() throws -> FeatureRequest {
        if let features { return try FeatureRequest.parse(features) }
        return random.map(FeatureRequest.random) ?? .all
    }

    /// The run's budgets, in equal shares for every inquiry, so that no inquiry's result depends on
    /// another's.
    private func plan(inquiries: Int) throws -> InquiryPlan {
        var plan = InquiryPlan()
        if let maxProbes {
            plan.probes = min(plan.probes, maxProbes / max(1, inquiries))
            guard plan.probes >= plan.leastProbes else {
                throw ExplainError.budgetTooSmall(
                    what: "probes", asked: maxProbes, needed: plan.leastProbes * inquiries)
            }
        }
        if let maxMeasurements {
            plan.probes = min(plan.probes, (maxMeasurements - games) / max(1, inquiries))
            guard plan.probes >= plan.leastProbes else {
                throw ExplainError.budgetTooSmall(
                    what: "measurements", asked: maxMeasurements,
                    needed: games + plan.leastProbes * inquiries)
            }
        }
        return plan
    }
}
