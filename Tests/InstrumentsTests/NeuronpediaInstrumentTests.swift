import HTTP
import ScriptedServer
import Testing

@testable import Instruments

/// Against a local server that keeps the documented contract.
@Suite struct NeuronpediaInstrumentTests {
    private func instrument(
        _ stub: NeuronpediaStub, _ fake: FakeClock = FakeClock(), limit: RequestLimit? = nil,
        source: String = "6-res-jb"
    ) throws -> NeuronpediaInstrument {
        let server = NeuronpediaServer(
            base: stub.url, client: try HTTPClient(proxy: .direct), key: nil, limit: limit,
            clock: fake.clock)
        return NeuronpediaInstrument(
            try NeuronpediaSource(model: "gpt2-small", source: source), at: server)
    }

    private func probes(_ count: Int) -> [String] { (0..<count).map { "probe number \($0)" } }

    @Test func takesTheFewestRequests_forAThousandProbes() async throws {
        let stub = try NeuronpediaStub()
        let instrument = try instrument(stub)
        let plan = await instrument.plan(for: probes(1_000), latents: [0])
        #expect(plan.requestCount == 250)
        #expect(plan.seconds == 0)
        let outcomes = try await instrument.readings(of: probes(1_000), latents: [0])
        #expect(outcomes.count == 1_000)
        #expect(outcomes.allSatisfy { $0.reading != nil })
        #expect(outcomes[77].reading?.values == [[5, 6, 2]])
        #expect(stub.times.count == 250)
        #expect(stub.refusals == 0)
    }

    @Test(arguments: [nil, 0, 1_234, 3_599] as [Double?])
    func neverTripsTheLimit_overSeveralWindows(offset: Double?) async throws {
        let fake = FakeClock()
        let stub = try NeuronpediaStub(
            limit: 100, counting: offset.map { .fixed(offset: $0) } ?? .exact, clock: fake, lag: 0.5
        )
        let limit = RequestLimit(100, counting: offset == nil ? .exact : .twoFixedWindows)
        let instrument = try instrument(stub, fake, limit: limit)
        let plan = await instrument.plan(for: probes(1_000), latents: [3, 4])
        #expect(plan.requestCount == 500)
        #expect(plan.seconds >= 4 * 3600)
        let outcomes = try await instrument.readings(of: probes(1_000), latents: [3, 4])
        #expect(outcomes.allSatisfy { $0.reading?.values.count == 2 })
        #expect(stub.refusals == 0)
        #expect(stub.times.count == 500)
        for time in stub.times {
            #expect(stub.times.count { $0 > time - 3600 && $0 <= time } <= 100)
        }
        // The plan leaves out how long replies take, here a second.
        #expect(fake.now < plan.seconds + 700)
    }

    @Test func waitsAndCounts_whenOthersHaveSpentTheLimit() async throws {
        let fake = FakeClock()
        let stub = try NeuronpediaStub(limit: 20, clock: fake)
        let other = try instrument(stub, fake, limit: RequestLimit(20))
        _ = try await other.readings(of: probes(80), latents: [1])
        let late = try instrument(stub, fake, limit: RequestLimit(1_000))
        let outcomes = try await late.readings(of: probes(8), latents: [1])
        #expect(outcomes.allSatisfy { $0.reading != nil })
        #expect(stub.refusals == 1)
        let counts = await late.server.limiter.counts
        #expect(counts.refusals == 1)
        #expect(counts.secondsWaited >= 3600)
        #expect(await late.server.limiter.limit.requests == 20)
    }

    @Test func givesUp_whenTheServerNeverTakesARequest() async throws {
        let server = try ScriptedServer { _ in .json(#"{"limitPerWindow":5}"#, status: 429) }
        let neuronpedia = NeuronpediaServer(
            base: server.url, client: try HTTPClient(proxy: .direct), key: nil,
            clock: FakeClock().clock)
        let instrument = NeuronpediaInstrument(
            try NeuronpediaSource(model: "m", source: "s"), at: neuronpedia)
        let error = await #expect(throws: InstrumentError.self) {
            try await instrument.readings(of: ["a"], latents: [0])
        }
        #expect("\(try #require(error))".contains("3 requests in a row"))
        #expect(server.requests.count == 3)
    }

    @Test func failsOneTextAndNotItsBatch_whenItIsTooLong() async throws {
        let stub = try NeuronpediaStub()
        let long = Array(repeating: "word", count: 30).joined(separator: " ")
        let texts = ["one", "", "two", long, "three", "one", "four"]
        let outcomes = try await instrument(stub).readings(of: texts, latents: [1, 2])
        #expect(outcomes.map { $0.reading != nil } == [true, false, true, false, true, true, true])
        #expect(outcomes[0] == outcomes[5])
        // The long text is not sent for the second latent.
        #expect(stub.texts.count { $0.contains(long) } == 3)
    }

    @Test func namesTheSource_whenItIsDenied() async throws {
        let stub = try NeuronpediaStub()
        let instrument = try instrument(stub, source: "denied-hp")
        let error = await #expect(throws: InstrumentError.self) {
            try await instrument.readings(of: probes(9), latents: [0])
        }
        #expect("\(try #require(error))".contains("gpt2-small/denied-hp"))
        #expect(stub.times.count == 2)
    }

    @Test func throwsAndFailsNoText_whenTheServerBreaksDown() async throws {
        let counter = FakeClock()
        let server = try ScriptedServer { _ in
            counter.advance(1)
            return counter.now < 2
                ? .json(#"[{"tokens":["a"],"values":[1]}]"#)
                : .json(#"{"message":"Unknown Error"}"#, status: 500)
        }
        let neuronpedia = NeuronpediaServer(
            base: server.url, client: try HTTPClient(proxy: .direct), key: nil,
            clock: FakeClock().clock)
        let instrument = NeuronpediaInstrument(
            try NeuronpediaSource(model: "m", source: "s"), at: neuronpedia)
        #expect(try await instrument.readings(of: ["a"], latents: [0])[0].reading != nil)
        await #expect(throws: InstrumentError.self) {
            try await instrument.readings(of: ["a", "b", "c"], latents: [0])
        }
    }

    @Test func sendsTheKeyAndNeverShowsIt() async throws {
        let secret = "np-0123456789abcdef"
        let server = try ScriptedServer { request in
            .json(#"{"error":"no such key: \#(request["x-api-key"] ?? "none")"}"#, status: 401)
        }
        let key = ServerKey(
            variable: "NEURONPEDIA_API_KEY", environment: ["NEURONPEDIA_API_KEY": secret])
        let neuronpedia = NeuronpediaServer(
            base: server.url, client: try HTTPClient(proxy: .direct), key: key,
            clock: FakeClock().clock)
        let instrument = NeuronpediaInstrument(
            try NeuronpediaSource(model: "m", source: "s"), at: neuronpedia)
        let error = await #expect(throws: InstrumentError.self) {
            try await instrument.readings(of: ["a"], latents: [0])
        }
        #expect(server.requests.first?["x-api-key"] == secret)
        var dumped = ""
        dump(instrument, to: &dumped)
        #expect(!"\(try #require(error)) \(dumped)".contains(secret))
    }

    @Test(arguments: [
        "[]", "{}", "[1]", #"[{"tokens":["a"],"values":[1,2]}]"#,
        #"[{"tokens":["a"],"values":["x"]}]"#, #"[{"tokens":["a"],"values":[1e300]}]"#,
        #"[{"tokens":["a"],"values":[1],"index":"9"}]"#, #"[{"tokens":[7],"values":[1]}]"#,
        #"[{"tokens":["a"],"values":[1]},{"tokens":["a"],"values":[1]}]"#, "nonsense",
    ])
    func refusesAReply_thatBreaksTheContract(body: String) async throws {
        let server = try ScriptedServer { _ in .json(body) }
        let neuronpedia = NeuronpediaServer(
            base: server.url, client: try HTTPClient(proxy: .direct), key: nil,
            clock: FakeClock().clock)
        let instrument = NeuronpediaInstrument(
            try NeuronpediaSource(model: "m", source: "s"), at: neuronpedia)
        await #expect(throws: InstrumentError.self) {
            try await instrument.readings(of: ["a"], latents: [0])
        }
    }

    @Test func hasAnotherIdentity_whenAddressModelOrSourceDiffers() throws {
        let client = try HTTPClient(proxy: .direct)
        func identity(_ base: String, _ model: String, _ source: String) throws -> String {
            NeuronpediaInstrument(
                try NeuronpediaSource(model: model, source: source),
                at: NeuronpediaServer(base: base, client: client, key: nil)
            ).identity.hex
        }
        let all = try [
            identity("http://a", "m", "s"), identity("http://b", "m", "s"),
            identity("http://a", "n", "s"), identity("http://a", "m", "t"),
        ]
        #expect(Set(all).count == 4)
        #expect(try identity("http://a/", "m", "s") == all[0])
    }

    @Test func readsAFeaturesName_andRefusesWhatIsNone() throws {
        let feature = try NeuronpediaFeature(parsing: "gemma-2-2b/11-gemmascope-res-16k/5125")
        #expect(feature.source.source == "11-gemmascope-res-16k")
        #expect(feature.index == 5125)
        for name in [
            "", "a/b", "a/b/c", "a/b/-1", "a/b/01", "a//1", "../b/1", "a/b c/1", "a/b/99999999",
        ] {
            #expect(throws: InstrumentError.self) { try NeuronpediaFeature(parsing: name) }
        }
    }

    @Test func knowsTheDocumentedLimits() {
        let path = "/api/activation/new"
        #expect(NeuronpediaLimits.limit(on: path, isRaised: false).requests == 1_000)
        #expect(NeuronpediaLimits.limit(on: path, isRaised: true).requests == 3_000)
        #expect(NeuronpediaLimits.limit(on: "/api/steer-chat", isRaised: false).requests == 240)
        #expect(NeuronpediaLimits.limit(on: "/api/feature/x", isRaised: false).requests == 25_000)
    }
}
