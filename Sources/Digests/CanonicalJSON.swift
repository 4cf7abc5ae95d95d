import Foundation

/// JSON with one spelling per value, so that its text can be digested and compared.
///
/// Keys are sorted, there is no white space, slashes are not escaped, numbers take their shortest
/// text that reads back exactly, and dates are seconds since 1 January 2001 UTC.
///
/// - Important: a `Set`, and a `Dictionary` whose keys are neither `String` nor `Int`, encode as
///   arrays in an order that differs between runs. Sort them into arrays before encoding.
public enum CanonicalJSON {
    /// The canonical text of a value.
    ///
    /// - Throws: `EncodingError`; a number that is infinite or not a number has no JSON text.
    public static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .deferredToDate
        encoder.nonConformingFloatEncodingStrategy = .throw
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Reads a value back; any JSON spelling of it will do.
    ///
    /// - Throws: `DecodingError`, naming the path of the field that did not fit.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from text: String
    ) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
