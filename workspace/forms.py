from django import forms
from django.utils.translation import gettext_lazy as _


class WorkspaceFileForm(forms.Form):
    """A workspace file as text, typed or uploaded; an uploaded file wins."""

    upload = forms.FileField(label=_("Workspace file"), required=False)
    text = forms.CharField(
        label=_("or its text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false"}),
    )

    def clean_upload(self) -> str:
        upload = self.cleaned_data.get("upload")
        if upload is None:
            return ""
        try:
            return str(upload.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("This file is not UTF-8 text. Choose a YAML file.")) from error

    def clean(self) -> dict[str, str]:
        text = self.cleaned_data.get("upload") or self.cleaned_data.get("text") or ""
        if not text.strip() and not self.errors:
            raise forms.ValidationError(_("Choose a file, or paste its text."))
        return {"text": text}
