import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

/** What a person reads decides nothing: a text with a space in it, in quotes or in backticks. */
const messages = {
  shouldIgnore({ node }) {
    if (node.type === "StringLiteral" && node.value.includes(" ")) return "a message";
    const isMessage =
      node.type === "TemplateLiteral" && node.quasis.some(({ value }) => /[a-z] [a-z]/.test(value.raw));
    return isMessage ? "a message" : undefined;
  },
};

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, "messages", messages)];
