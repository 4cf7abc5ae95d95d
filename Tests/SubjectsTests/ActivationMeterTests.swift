import LinearAlgebra
import Subjects
import Testing

@Suite struct ActivationMeterTests {
    private let configuration = GPT2Configuration(
        vocabularySize: 9, contextLength: 8, width: 16, layerCount: 2, headCount: 2)

    private struct Parts {
        var weights: GPT2Weights
        var dictionary: SparseAutoencoder.Weights
        var architecture = SparseAutoencoder.Architecture.standard
        var preparation = SparseAutoencoder.Preparation()
        var hook = HookPoint.block(0, .post)
        var directions: Matrix?
    }

    private func parts() -> Parts {
        var g = SeededGenerator(seed: 9)
        return Parts(
            weights: .random(configuration, &g),
            dictionary: .init(
                encoder: randomMatrix(16, 40, &g), encoderBias: randomFloats(40, &g),
                decoder: randomMatrix(40, 16, &g), decoderBias: randomFloats(16, &g)),
            directions: randomMatrix(3, 16, &g))
    }

    private func meter(_ parts: Parts, threads: Int = 1) throws -> ActivationMeter {
        try ActivationMeter(
            model: GPT2(configuration: configuration, weights: parts.weights),
            dictionary: SparseAutoencoder(
                parts.dictionary, architecture: parts.architecture,
                preparation: parts.preparation),
            hook: parts.hook, directions: parts.directions, threads: threads)
    }

    private func identity(_ meter: ActivationMeter) -> [UInt8] {
        var bytes: [UInt8] = []
        meter.hashIdentity { bytes += $0 }
        return bytes
    }

    @Test func agreesWithItsParts_andWithItsAsynchronousForm() async throws {
        let meter = try meter(parts(), threads: 2)
        let sequences = [[1, 2, 3], [4], [5, 6]]
        let rows = try meter.model.residuals(of: sequences, at: meter.hook)
        let readings = try meter.readings(of: sequences)
        #expect(readings.map(\.count) == [3, 1, 2])
        for index in sequences.indices {
            let stream = rows.sequence(index)
            #expect(readings[index].map(\.latents) == (try meter.dictionary.encode(stream)))
            for (position, reading) in readings[index].enumerated() {
                let expected = (0..<3).map { direction in
                    (0..<16).reduce(0.0) {
                        $0 + Double(stream[position, $1])
                            * Double(meter.directions![direction, $1])
                    }
                }
                #expect(relativeError(reading.projections, expected) < 1e-5)
            }
        }
        #expect(try meter.latents(of: sequences) == readings.map { $0.map(\.latents) })
        #expect(try await meter.measure(sequences) == readings)
        let last = try await meter.measure(sequences, lastPositionOnly: true)
        #expect(last == readings.map { [$0.last!] })
        await #expect(throws: SubjectError.emptySequence(index: 0)) {
            try await meter.measure([[]])
        }
    }

    /// The identity changes with whatever changes a reading, and with nothing else.
    @Test func identityCoversWhatDeterminesReadings() throws {
        let base = parts()
        let original = identity(try meter(base))
        #expect(identity(try meter(base, threads: 3)) == original)
        func changed(_ change: (inout Parts) -> Void) throws -> Bool {
            var other = base
            change(&other)
            return identity(try meter(other)) != original
        }
        #expect(try changed { $0.hook = .block(0, .mid) })
        #expect(try changed { $0.directions = nil })
        #expect(try changed { $0.architecture = .topK(k: 3) })
        let zeros = [Float](repeating: 0, count: 40)
        let gate = SparseAutoencoder.Gate(bias: zeros, logScale: zeros, magnitudeBias: zeros)
        #expect(try changed { $0.architecture = .gated(gate) })
        #expect(try changed { $0.preparation.centresRows = true })
        #expect(try changed { $0.preparation.normalisation = .layerNorm })
        #expect(try changed { $0.preparation.normalisation = .scaled(input: 1, output: 2) })
        #expect(try changed { $0.dictionary.inputBias = [Float](repeating: 1, count: 16) })
        #expect(try !changed { $0.dictionary.inputBias = $0.dictionary.decoderBias })
        #expect(try changed { $0.dictionary.skip = Matrix(rows: 16, columns: 16, repeating: 1) })
        #expect(try changed { $0.dictionary.encoderBias[39] += 1 })
        #expect(try changed { $0.dictionary.decoderBias[0] += 1 })
        #expect(try changed { $0.weights.tokenEmbedding[8, 15] += 1 })
        #expect(try changed { $0.weights.blocks[0].contract.weights[63, 15] += 1 })
        #expect(try changed { $0.weights.blocks[0].mlpNorm.shift[3] += 1 })
        #expect(try !changed { $0.weights.blocks[1].contract.weights[63, 15] += 1 })
        #expect(try !changed { $0.weights.finalNorm.gain[0] += 1 })
    }

    @Test func refusesParts_whenTheyDoNotFit() throws {
        var wrong = parts()
        wrong.directions = Matrix(rows: 2, columns: 15)
        #expect(message { _ = try meter(wrong) }.contains("the set of directions is 15 wide"))
        wrong = parts()
        wrong.hook = .block(2, .pre)
        #expect(message { _ = try meter(wrong) }.contains("N in 0..<2"))
    }
}
