import Digests
import HTTP
import JSON

/// Measures features by an inference server as Neuronpedia's own, or `Tools/activation_server`.
///
/// Several texts go to `/v1/activation/single-batch`; one alone, and one that is too long for a batch,
/// to `/v1/activation/single`, which takes longer texts.
public struct SelfHostedInstrument: TextInstrument {
    /// The environment variable that holds the secret, if there is one.
    public static let keyVariable = "CONJECTURE_ACTIVATION_SECRET"
    static let contract = "conjecture.self-hosted/1"

    /// "http://host:port", without a slash at its end.
    public let base: String
    public let source: NeuronpediaSource
    public let identity: Digest
    public let latentCount: Int?
    public let batchSize: Int
    private let sender: RequestSender
    private let longestText: Int

    public var name: String { "\(source) at \(base)" }

    /// - Parameters:
    ///   - base: where the server is, without "/v1".
    ///   - batchSize: the most texts of one request; Neuronpedia's own takes 4.
    ///   - key: sent as `X-SECRET-KEY`.
    public init(
        _ source: NeuronpediaSource, base: String, client: HTTPClient, batchSize: Int = 4,
        key: ServerKey? = ServerKey(variable: Self.keyVariable), latentCount: Int? = nil,
        longestText: Int = 65_536, clock: InstrumentClock = .continuous
    ) {
        precondition(batchSize > 0, "\(batchSize) texts in a request")
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        self.source = source
        self.batchSize = batchSize
        self.latentCount = latentCount
        self.longestText = longestText
        sender = RequestSender(
            client: client, clock: clock, limiter: nil, keyHeader: "X-SECRET-KEY", key: key,
            timeouts: HTTPTimeouts(connect: 10, idle: 300, total: 600))
        var hash = SHA256()
        hash.update("\(Self.contract)\n\(self.base)\n\(source)")
        identity = hash.finalize()
    }

    public func plan(for texts: [String], latents: [Int]) async -> MeasurementPlan {
        MeasurementPlan(
            textCount: BatchedMeasurement.distinct(texts).texts.count,
            latentCount: Set(latents).count,
            requestCount: measurement.requestCount(texts: texts, latents: latents), seconds: 0)
    }

    public func readings(
        of texts: [String], latents: [Int]
    ) async throws(InstrumentError) -> [TextOutcome] {
        try check(latents: latents)
        return try await measurement.outcomes(of: texts, latents: latents)
    }

    private var measurement: BatchedMeasurement {
        BatchedMeasurement(
            server: base, batchSize: batchSize, longestText: longestText
        ) { texts, latent throws(InstrumentError) in
            try await answer(texts, latent)
        }
    }

    private func answer(
        _ texts: [String], _ latent: Int
    ) async throws(InstrumentError) -> RemoteAnswer {
        let isAlone = texts.count == 1
        let prompts: JSONValue.Member =
            isAlone
            ? .init(name: "prompt", value: .string(texts[0]))
            : .init(name: "prompts", value: .array(texts.map { .string($0) }))
        let body = JSONValue.object([
            prompts, .init(name: "model", value: .string(source.model)),
            .init(name: "source", value: .string(source.source)),
            .init(name: "index", value: .string(String(latent))),
        ])
        let path = "/v1/activation/single" + (isAlone ? "" : "-batch")
        let reply = try await sender.post(base + path, body)
        guard reply.status == 200 else {
            let words = ReplyFields.words(reply, without: sender.key)
            guard [400, 413, 422, 500].contains(reply.status), ReplyFields.isAboutLength(words)
            else { throw .refused(server: base, status: reply.status, reason: words) }
            return .refused(reason: words)
        }
        return .readings(try readings(reply, isAlone: isAlone))
    }

    private func readings(
        _ reply: HTTPReply, isAlone: Bool
    ) throws(InstrumentError) -> [RemoteReading] {
        let fields = ReplyFields(server: base)
        let document = try fields.json(reply)
        let results = isAlone ? [document] : try fields.list(document["results"], "results")
        var readings: [RemoteReading] = []
        for result in results {
            // The server's own schema has the one name, its documents the other.
            let special = result["tokensIsSpecial"] ?? result["tokens_is_special"]
            readings.append(
                try fields.reading(
                    tokens: result["tokens"], special: special,
                    values: result["activation"]?["values"]))
        }
        return readings
    }
}
