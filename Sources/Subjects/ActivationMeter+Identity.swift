import LinearAlgebra

extension ActivationMeter {
    /// Names the arithmetic; changed whenever any activation could change in any bit.
    public static let engineVersion = "conjecture.activations/1"

    /// Streams all that determines the readings, for a digest: engine version, place, the model's
    /// shape and weights up to the place, the dictionary's and the directions'.
    ///
    /// Each piece is preceded by its name and its length, so that two different meters never
    /// stream the same bytes. Weights count as the 32-bit numbers they act as: a file in 16 bits
    /// and its widened copy are the same. Not covered are names of files and the thread count.
    ///
    /// - Parameter consume: gets the bytes in order, piece by piece; must not keep the pointer.
    public func hashIdentity(_ consume: (UnsafeRawBufferPointer) -> Void) {
        withoutActuallyEscaping(consume) { addAll(to: IdentityStream(consume: $0)) }
    }

    private func addAll(to stream: IdentityStream) {
        stream.add("engine", Self.engineVersion)
        stream.add("hook", hook.description)
        let c = model.configuration
        stream.add(
            "model",
            [c.vocabularySize, c.contextLength, c.width, c.layerCount, c.headCount, c.innerWidth])
        stream.add("epsilon", [c.layerNormEpsilon])
        stream.add("activation", c.activation.rawValue)
        stream.add("tokens", model.tokenEmbedding.storage)
        stream.add("positions", model.positionEmbedding.storage)
        for half in 0..<hook.halfBlocks {
            let block = model.blocks[half / 2]
            if half % 2 == 0 {
                stream.add("norm", block.attentionNorm)
                stream.add("qkv", block.queryKeyValue)
                stream.add("output", block.attentionOutput)
            } else {
                stream.add("norm", block.mlpNorm)
                stream.add("expand", block.expand)
                stream.add("contract", block.contract)
            }
        }
        addDictionary(to: stream)
        stream.add("directions", [directions?.rows ?? 0, directions?.columns ?? 0])
        stream.add("directions", directions?.storage ?? [])
    }

    private func addDictionary(to stream: IdentityStream) {
        switch dictionary.architecture {
        case .standard: stream.add("architecture", "standard")
        case .topK(let k):
            stream.add("architecture", "topk")
            stream.add("k", [k])
        case .groupMax(let groups):
            stream.add("architecture", "groupmax")
            stream.add("groups", [groups])
        case .jumpReLU(let threshold):
            stream.add("architecture", "jumprelu")
            stream.add("threshold", threshold)
        case .gated(let gate):
            stream.add("architecture", "gated")
            stream.add("gateBias", gate.bias)
            stream.add("gateScale", dictionary.gateScales)
            stream.add("magnitudeBias", gate.magnitudeBias)
        }
        addPreparation(to: stream)
        stream.add(
            "flags",
            [
                dictionary.subtractsDecoderBias ? 1 : 0, dictionary.rescalesByDecoderNorm ? 1 : 0,
            ])
        stream.add("encoder", dictionary.encoder)
        stream.add("decoder", dictionary.decoder.storage)
        stream.add("decoderBias", dictionary.decoderBias)
    }

    /// Nothing for a dictionary that reads its rows as they are, so that its digest is the one it
    /// has always had.
    private func addPreparation(to stream: IdentityStream) {
        switch dictionary.preparation.normalisation {
        case .none: break
        case .constantNorm: stream.add("normalisation", "constant norm")
        case .layerNorm: stream.add("normalisation", "layer norm")
        case .scaled(let input, let output):
            stream.add("normalisation", "scaled")
            stream.add("factors", [input, output])
        }
        if dictionary.preparation.centresRows { stream.add("centring", "rows") }
        let standard = dictionary.subtractsDecoderBias ? dictionary.decoderBias : []
        if dictionary.inputBias != standard { stream.add("inputBias", dictionary.inputBias) }
        if let skip = dictionary.skip { stream.add("skip", skip) }
    }
}

/// Writes named pieces as name, byte count and bytes; whole numbers as 8 bytes, little-endian.
private struct IdentityStream {
    let consume: (UnsafeRawBufferPointer) -> Void

    func add(_ name: String, _ text: String) {
        Array(text.utf8).withUnsafeBytes { piece(name, $0) }
    }

    func add(_ name: String, _ numbers: [Int]) {
        numbers.map { Int64($0).littleEndian }.withUnsafeBytes { piece(name, $0) }
    }

    func add(_ name: String, _ values: [Float]) {
        values.withUnsafeBytes { piece(name, $0) }
    }

    func add(_ name: String, _ norm: GPT2Weights.Norm) {
        add(name, norm.gain)
        add(name, norm.shift)
    }

    func add(_ name: String, _ packed: PackedMatrix) {
        add(name, [packed.inner, packed.columns])
        // GPT-2 and dictionaries are kept in 32 bits, so these are the numbers themselves.
        packed.withPanelBytes { piece(name, $0) }
        add(name, packed.bias)
    }

    private func piece(_ name: String, _ bytes: UnsafeRawBufferPointer) {
        Array(name.utf8 + [0]).withUnsafeBytes(consume)
        withUnsafeBytes(of: Int64(bytes.count).littleEndian, consume)
        consume(bytes)
    }
}
