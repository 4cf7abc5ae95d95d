import LinearAlgebra

/// Writes safetensors, right or wrong on purpose.
public struct TensorFile {
    public enum Kind: String {
        case f32 = "F32"
        case f16 = "F16"
        case bf16 = "BF16"
    }

    public struct Tensor {
        public var name: String
        public var shape: [Int]
        public var values: [Float]
        public var type = Kind.f32
    }

    public var tensors: [Tensor] = []

    public init() {}

    public mutating func add(
        _ name: String, _ values: [Float], shape: [Int]? = nil, _ type: Kind = .f32
    ) {
        tensors.append(
            Tensor(name: name, shape: shape ?? [values.count], values: values, type: type))
    }

    public mutating func add(_ name: String, _ matrix: Matrix, _ type: Kind = .f32) {
        add(name, matrix.storage, shape: [matrix.rows, matrix.columns], type)
    }

    public var bytes: [UInt8] {
        var data: [UInt8] = []
        var parts: [String] = []
        for tensor in tensors {
            let start = data.count
            for value in tensor.values {
                switch tensor.type {
                case .f32: withUnsafeBytes(of: value.bitPattern) { data += $0 }
                case .f16: withUnsafeBytes(of: Float16(value).bitPattern) { data += $0 }
                case .bf16:
                    withUnsafeBytes(of: UInt16(value.bitPattern >> 16)) { data += $0 }
                }
            }
            parts.append(
                "\"\(tensor.name)\":{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":"
                    + "\(tensor.shape),\"data_offsets\":[\(start),\(data.count)]}")
        }
        return Self.bytes(header: "{" + parts.joined(separator: ",") + "}", data: data)
    }

    public static func bytes(header: String, data: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        withUnsafeBytes(of: UInt64(header.utf8.count)) { result += $0 }
        return result + Array(header.utf8) + data
    }
}
