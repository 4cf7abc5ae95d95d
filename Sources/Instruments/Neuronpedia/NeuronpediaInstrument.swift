import Digests
import HTTP
import JSON
import Synchronization

/// Measures features of one source by `POST /api/activation/new` of Neuronpedia.
///
/// Up to four texts of one feature go into a request; equal texts go once. A plan says beforehand what
/// it takes; the server's limiter then never lets more through than the limit. Neuronpedia does not
/// say which tokens are special: first tokens are left out by the server (`ignoreBos`), or known by
/// name.
public struct NeuronpediaInstrument: TextInstrument {
    /// The most texts of one request.
    public static let textsPerRequest = 4

    public let server: NeuronpediaServer
    public let source: NeuronpediaSource
    public let identity: Digest
    public let latentCount: Int?
    private let leavesFirstTokenOut: Bool
    private let longestText: Int
    private let success = Success()

    /// Whether the source was ever measured: then a failure is a text's, not the source's.
    private final class Success: Sendable {
        let isKnown = Atomic<Bool>(false)
    }

    public var name: String { "\(source) at \(server.base)" }
    public var batchSize: Int { Self.textsPerRequest }

    /// - Parameters:
    ///   - latentCount: how many features the source has, if known.
    ///   - leavesFirstTokenOut: whether the server drops the first token; else it can dominate.
    ///   - longestText: texts with more bytes fail without being sent.
    public init(
        _ source: NeuronpediaSource, at server: NeuronpediaServer, latentCount: Int? = nil,
        leavesFirstTokenOut: Bool = true, longestText: Int = 16_384
    ) {
        self.source = source
        self.server = server
        self.latentCount = latentCount
        self.leavesFirstTokenOut = leavesFirstTokenOut
        self.longestText = longestText
        var hash = SHA256()
        hash.update("\(NeuronpediaServer.contract)\n\(server.base)\n\(source)\n")
        hash.update("ignoreBos \(leavesFirstTokenOut)")
        identity = hash.finalize()
    }

    public func plan(for texts: [String], latents: [Int]) async -> MeasurementPlan {
        let count = measurement.requestCount(texts: texts, latents: latents)
        return MeasurementPlan(
            textCount: BatchedMeasurement.distinct(texts).texts.count,
            latentCount: Set(latents).count, requestCount: count,
            seconds: await server.limiter.forecast(count))
    }

    public func readings(
        of texts: [String], latents: [Int]
    ) async throws(InstrumentError) -> [TextOutcome] {
        try check(latents: latents)
        return try await measurement.outcomes(of: texts, latents: latents)
    }

    private var measurement: BatchedMeasurement {
        BatchedMeasurement(
            server: server.base, batchSize: Self.textsPerRequest, longestText: longestText
        ) { texts, latent throws(InstrumentError) in
            try await answer(texts, latent)
        }
    }

    private func body(_ texts: [String], _ latent: Int) -> JSONValue {
        [
            // A number 0 would be taken for none.
            "feature": [
                "modelId": .string(source.model), "source": .string(source.source),
                "index": .string(String(latent)),
            ],
            "customText": .array(texts.map { .string($0) }),
            "ignoreBos": .bool(leavesFirstTokenOut),
        ]
    }

    private func answer(
        _ texts: [String], _ latent: Int
    ) async throws(InstrumentError) -> RemoteAnswer {
        let reply = try await server.post(body(texts, latent))
        let words = { ReplyFields.words(reply, without: server.sender.key) }
        switch reply.status {
        case 200:
            let readings = try readings(reply, latent)
            success.isKnown.store(true, ordering: .relaxed)
            return .readings(readings)
        case 400, 413, 422:
            guard ReplyFields.isAboutLength(words()) else {
                throw .refused(server: server.base, status: reply.status, reason: words())
            }
            return .refused(reason: words())
        case 500:
            // Before the first success it may be the source; of one text alone, the server.
            let isKnown = success.isKnown.load(ordering: .relaxed)
            if !ReplyFields.isAboutLength(words()), !isKnown || texts.count == 1 {
                try await proveAccess(latent, wasKnown: isKnown)
            }
            return .refused(reason: words())
        default:
            throw .refused(server: server.base, status: reply.status, reason: words())
        }
    }

    /// Neuronpedia answers 500 to a source that it denies as to a text that it cannot take. One word
    /// that any model can take tells them apart.
    private func proveAccess(
        _ latent: Int, wasKnown: Bool
    ) async throws(InstrumentError) {
        let reply = try await server.post(body(["The"], latent))
        guard reply.status != 200 else {
            return success.isKnown.store(true, ordering: .relaxed)
        }
        let words = ReplyFields.words(reply, without: server.sender.key)
        let reason = "status \(reply.status), \(words)"
        if wasKnown { throw .lost(server: server.base, reason: reason) }
        throw .deniedSource("\(source)", server: server.base, reason: reason)
    }

    private func readings(
        _ reply: HTTPReply, _ latent: Int
    ) throws(InstrumentError) -> [RemoteReading] {
        let fields = ReplyFields(server: server.base)
        let document = try fields.json(reply)
        var readings: [RemoteReading] = []
        for result in try fields.list(document, "list of activations") {
            if let index = result.present("index"), index.string != String(latent) {
                throw fields.bad("index", "is \(index.summary), not \"\(latent)\"")
            }
            readings.append(
                try fields.reading(
                    tokens: result["tokens"], special: nil, values: result["values"]))
        }
        return readings
    }
}
