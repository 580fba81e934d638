// A plugin of TypeScript's language service (which loads CommonJS only): AssemblyScript allows decorators on functions
// constants and abstract methods, so what TypeScript says about those is left out.

/** "Decorators are not valid here", "A decorator can only decorate a method implementation". */
const ABOUT_DECORATORS = [1206, 1249];

module.exports = () => ({
  create({ languageService }) {
    return new Proxy(languageService, {
      get(target, name) {
        const value = target[name];
        if (name !== 'getSemanticDiagnostics' && name !== 'getSyntacticDiagnostics') return value;
        return (file) => value.call(target, file).filter(({ code }) => !ABOUT_DECORATORS.includes(code));
      },
    });
  },
});
