using L2T.Experiments.Common;
using L2T.Experiments.Translation;

return CommandProgram.Run<TranslationCommand>(args, "translation", "Teaches translators, from German to English, under fixed losses and a taught one, and scores them by BLEU.");
