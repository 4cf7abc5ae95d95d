/// The tools that come with the module: statistics of a text that need no model.
public enum ExpressionCatalogue {
    static let file = "Standard/standard-tools.json"

    /// Some ninety, by name, each with an example that it meets.
    public static let standard: [FeatureTool] = {
        do {
            let text = String(decoding: PackageResources.standard_tools_json, as: UTF8.self)
            return try FeatureTool.list(in: text, place: file)
        } catch {
            preconditionFailure("\(file): \(error)")
        }
    }()
}
