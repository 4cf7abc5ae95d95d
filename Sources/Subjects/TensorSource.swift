import LinearAlgebra

/// Named arrays of numbers in a file, whatever its format.
protocol TensorSource {
    /// The file.
    var path: String { get }
    /// The names, in the file's order.
    var tensorNames: [String] { get }
    /// A tensor's shape, or nil if there is none of that name.
    func shape(of name: String) -> [Int]?
    /// A tensor's elements, row after row, widened or rounded to 32 bits.
    ///
    /// - Throws: if the tensor is absent, has another shape, has elements that are no numbers, or
    ///   holds an infinity or NaN.
    func floats(_ name: String, shape: [Int]) throws(SubjectError) -> [Float]
}

extension Safetensors: TensorSource {
    var tensorNames: [String] { entries.map(\.name) }

    func shape(of name: String) -> [Int]? { entry(name)?.shape }
}

extension TensorSource {
    func has(_ name: String) -> Bool { shape(of: name) != nil }

    /// The sizes of a tensor of two dimensions, each above 0.
    func size(of name: String) throws(SubjectError) -> (rows: Int, columns: Int) {
        guard let shape = shape(of: name) else {
            throw .missingTensor(path: path, tensor: name, shape: [])
        }
        guard shape.count == 2, shape[0] > 0, shape[1] > 0, shape[0] < 1 << 31,
            shape[1] < 1 << 31
        else {
            throw .malformedFile(
                path: path, place: "tensor \"\(name)\"",
                reason: "has shape \(shape), where two sizes above 0 belong")
        }
        return (shape[0], shape[1])
    }

    /// A tensor of two dimensions.
    ///
    /// - Parameter transposed: whether the file holds it as [columns × rows].
    func matrix(
        _ name: String, rows: Int, columns: Int, transposed: Bool = false
    ) throws(SubjectError) -> Matrix {
        guard transposed else {
            return Matrix(
                rows: rows, columns: columns, storage: try floats(name, shape: [rows, columns]))
        }
        let storage = try floats(name, shape: [columns, rows])
        return Matrix(rows: columns, columns: rows, storage: storage).transposed()
    }

    /// The one number of a tensor of shape [] or [1].
    func scalar(_ name: String) throws(SubjectError) -> Float {
        try floats(name, shape: shape(of: name) == [1] ? [1] : [])[0]
    }

    /// One number per latent; a single number counts for every latent.
    func perLatent(_ name: String, _ count: Int) throws(SubjectError) -> [Float] {
        if let shape = shape(of: name), shape.isEmpty || (shape == [1] && count != 1) {
            return [Float](repeating: try scalar(name), count: count)
        }
        return try floats(name, shape: [count])
    }

    /// A whole number from 1 to `limit` that is kept as a tensor.
    func count(_ name: String, atMost limit: Int) throws(SubjectError) -> Int {
        let value = try scalar(name)
        guard value >= 1, value <= Float(limit), let number = Int(exactly: value) else {
            throw .malformedFile(
                path: path, place: "tensor \"\(name)\"",
                reason: "is \(value), where a whole number from 1 to \(limit) belongs")
        }
        return number
    }

    func refuseOthers(than known: Set<String>) throws(SubjectError) {
        for name in tensorNames where !known.contains(name) {
            throw .unknownTensor(path: path, tensor: name)
        }
    }
}
