/// The latents of one position that are not zero.
public struct SparseRow: Sendable, Hashable {
    /// Which latents, ascending.
    public let indices: [UInt32]
    /// Their activations, each above 0, in the order of ``indices``.
    public let values: [Float]

    /// - Precondition: as many values as indices, and the indices ascend.
    public init(indices: [UInt32], values: [Float]) {
        precondition(
            indices.count == values.count, "\(indices.count) indices, \(values.count) values")
        precondition(zip(indices, indices.dropFirst()).allSatisfy { $0 < $1 }, "unordered indices")
        self.indices = indices
        self.values = values
    }

    /// The activation of one latent, 0 if it is not listed.
    ///
    /// - Complexity: logarithmic in the number of latents listed.
    public subscript(latent: Int) -> Float {
        var low = 0
        var high = indices.count
        while low < high {
            let middle = (low + high) / 2
            if indices[middle] < latent { low = middle + 1 } else { high = middle }
        }
        return low < indices.count && indices[low] == latent ? values[low] : 0
    }
}
