import LinearAlgebra

/// A linear map whose tensors have been found and have the right shapes, and are not read yet.
struct LinearPlan: Sendable {
    /// How a weight lies in its tensor.
    enum Layout: Sendable {
        /// [outputs × inputs], as PyTorch's `Linear` has it.
        case rows
        /// [inputs × outputs], as GPT-2's `Conv1D` has it.
        case columns
    }

    /// Maps of one input, side by side.
    let weights: [MappedTensor]
    let biases: [MappedTensor]
    let inputs: Int
    let layout: Layout
    /// The column of the tensors side by side that each column of the map is.
    var order: (@Sendable (Int) -> Int)?

    /// How many elements are checked, packed and let go of at a time.
    private static let slab = 1 << 20

    private func outputs(_ tensor: MappedTensor) -> Int {
        layout == .rows ? tensor.shape[0] : tensor.shape[1]
    }

    /// Reads the weights, in 16 bits if all tensors are stored so.
    func load() throws(SubjectError) -> PackedMatrix {
        var bias: [Float] = []
        for tensor in biases { bias += try tensor.floats() }
        if let order, !bias.isEmpty { bias = bias.indices.map { bias[order($0)] } }
        let elements = Set(weights.map(\.element))
        guard elements.count == 1, let element = elements.first else {
            return try loadWidened(bias.isEmpty ? nil : bias)
        }
        return try load(element, bias.isEmpty ? nil : bias)
    }

    private func load(
        _ element: PackedMatrix.Element, _ bias: [Float]?
    ) throws(SubjectError) -> PackedMatrix {
        var starts = [0]
        for tensor in weights { starts.append(starts[starts.count - 1] + outputs(tensor)) }
        let total = starts[weights.count]
        var packer = PanelPacker(inner: inputs, columns: total, element: element)
        let group = max(16, Self.slab / max(1, inputs) & ~15)
        let ordered = order != nil || layout == .columns
        if ordered { for tensor in weights { try tensor.checkFinite(0..<tensor.count) } }
        for first in stride(from: 0, to: total, by: group) {
            let range = first..<min(total, first + group)
            if !ordered { try check(range, starts) }
            packer.pack(range, step: layout == .rows ? 1 : total) { column in
                let place = order?(column) ?? column
                let number = starts.lastIndex { $0 <= place } ?? 0
                let within = place - starts[number]
                return weights[number].pointer(layout == .rows ? within * inputs : within)
            }
            if !ordered { release(range, starts) }
        }
        for tensor in weights { tensor.release(0..<tensor.count) }
        return packer.packed(bias: bias)
    }

    /// Columns of a map whose tensors' rows are its columns in order, tensor by tensor.
    private func parts(_ range: Range<Int>, _ starts: [Int]) -> [(MappedTensor, Range<Int>)] {
        weights.enumerated().compactMap { number, tensor in
            let own = range.clamped(to: starts[number]..<starts[number + 1])
            guard !own.isEmpty else { return nil }
            let first = (own.lowerBound - starts[number]) * inputs
            return (tensor, first..<first + own.count * inputs)
        }
    }

    private func check(_ range: Range<Int>, _ starts: [Int]) throws(SubjectError) {
        for (tensor, elements) in parts(range, starts) { try tensor.checkFinite(elements) }
    }

    private func release(_ range: Range<Int>, _ starts: [Int]) {
        for (tensor, elements) in parts(range, starts) { tensor.release(elements) }
    }

    /// Tensors of several types, together in 32 bits.
    private func loadWidened(_ bias: [Float]?) throws(SubjectError) -> PackedMatrix {
        precondition(layout == .rows, "one tensor cannot have several types")
        var values: [Float] = []
        for tensor in weights { values += try tensor.floats() }
        let columns = values.count / max(1, inputs)
        guard let order else {
            return PackedMatrix(transpose: values, inner: inputs, columns: columns, bias: bias)
        }
        let sorted = (0..<columns).flatMap { column in
            values[order(column) * inputs..<(order(column) + 1) * inputs]
        }
        return PackedMatrix(transpose: sorted, inner: inputs, columns: columns, bias: bias)
    }
}

/// A norm whose tensors have been found.
struct NormPlan: Sendable {
    let gain: MappedTensor
    let shift: MappedTensor?
    /// Whether the factor is 1 + what is stored.
    let offsetsGain: Bool

    func load() throws(SubjectError) -> TransformerWeights.Norm {
        var factors = try gain.floats()
        if offsetsGain { for i in factors.indices { factors[i] += 1 } }
        return TransformerWeights.Norm(gain: factors, shift: try shift?.floats() ?? [])
    }
}

/// A block whose tensors have been found.
struct BlockPlan: Sendable {
    let attentionNorm: NormPlan
    let queryKeyValue: LinearPlan
    var queryNorm: NormPlan?
    var keyNorm: NormPlan?
    let attentionOutput: LinearPlan
    var attentionOutputNorm: NormPlan?
    let mlpNorm: NormPlan
    let expand: LinearPlan
    let contract: LinearPlan
    var mlpOutputNorm: NormPlan?

    func load() throws(SubjectError) -> TransformerWeights.Block {
        TransformerWeights.Block(
            attentionNorm: try attentionNorm.load(), queryKeyValue: try queryKeyValue.load(),
            queryNorm: try queryNorm?.load(), keyNorm: try keyNorm?.load(),
            attentionOutput: try attentionOutput.load(),
            attentionOutputNorm: try attentionOutputNorm?.load(), mlpNorm: try mlpNorm.load(),
            expand: try expand.load(), contract: try contract.load(),
            mlpOutputNorm: try mlpOutputNorm?.load())
    }
}
